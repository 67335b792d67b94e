import { existsSync } from 'node:fs'
import { processState } from '../../src/server-process.js'
import { waitFor } from '../../src/index.js'

/** Resolves when none of the processes runs and the directory is gone. */
export async function noTraceOf(directory: string, pids: readonly number[]): Promise<void> {
  await waitFor('no trace is left', () => {
    const left = [...pids.filter(isRunning).map(String), ...(existsSync(directory) ? [directory] : [])]
    if (left.length > 0) throw new Error(`Still there: ${left.join(', ')}`)
    return true
  })
}

function isRunning(pid: number): boolean {
  // An orphan that no init reaps stays in the table as a zombie: it runs no more.
  if (process.platform === 'linux') return !['Z', undefined].includes(processState(pid))
  try {
    process.kill(pid, 0)
    return true
  } catch {
    // No such process.
    return false
  }
}
