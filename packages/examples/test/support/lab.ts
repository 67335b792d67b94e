import { once } from 'node:events'
import { join } from 'node:path'
import { root } from './documents.js'
import { startProgram, textOf } from './program.js'

export interface RunningLab extends AsyncDisposable {
  /** What a person would paste. */
  readonly url: string
}

/** Starts a topology with the command that a person would use, `npm run lab -- <topology>`. */
export async function startLab(topology: string): Promise<RunningLab> {
  const child = startProgram(join(root, 'tools/redis-lab/src/cli.ts'), [topology])
  const stdout = textOf(child, 'stdout')
  const stderr = textOf(child, 'stderr')
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', () => {
      const found = /^ *(rediss?(?:\+[a-z]+)?:\/\/\S+)\n[^]*Ctrl-C/m.exec(stdout())?.[1]
      if (found !== undefined) resolve(found)
    })
    child.once('error', reject)
    child.once('close', (code) => reject(new Error(`The lab ended with exit code ${code}: ${stderr()}`)))
  })
  return {
    url,
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'close')
      child.kill('SIGTERM')
      await ended
    },
  }
}
