import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { root } from '../main.js'
import { recordVariable } from '../matrix-reporter.js'
import type { RunRecord } from '../report/records.js'
import { withExitCode } from '../report/verdict.js'

export interface VitestRun {
  readonly args: readonly string[]
  /** Beside the variables of this process. */
  readonly env: Readonly<Record<string, string>>
  /**
   * - `names`: each file and each test that takes long, as they end
   * - `failures`: projects as they end, and what fails
   * - `held`: nothing; it is given back with the record
   */
  readonly output: 'names' | 'failures' | 'held'
}

export interface VitestOutcome {
  readonly record: RunRecord
  /** What vitest printed, when it was held. */
  readonly output: string
}

/** Runs vitest over the repository, in a process of its own. Throws when it ends before it has run a test. */
export async function runVitest(run: VitestRun): Promise<VitestOutcome> {
  const directory = await mkdtemp(join(tmpdir(), 'cairn-test-'))
  try {
    const file = join(directory, 'record.json')
    const reporters = [
      run.output === 'names' ? 'default' : 'minimal',
      './tools/workspace/src/matrix-reporter.ts',
    ]
    const args = [...reporters.map((name) => `--reporter=${name}`), ...run.args]
    const { exitCode, output } = await spawnVitest(args, {
      ...run,
      env: { ...run.env, [recordVariable]: file },
    })
    if (!existsSync(file)) {
      throw new Error(`${output}vitest ended with exit code ${exitCode} before it ran a test`)
    }
    return { record: withExitCode(JSON.parse(await readFile(file, 'utf8')) as RunRecord, exitCode), output }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

async function spawnVitest(
  args: readonly string[],
  { env, output }: Pick<VitestRun, 'env' | 'output'>,
): Promise<{ readonly exitCode: number; readonly output: string }> {
  const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs')
  const child = spawn(process.execPath, [vitest, 'run', ...args], {
    cwd: root,
    stdio: output === 'held' ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    env: { ...process.env, ...env },
  })
  let printed = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  // vitest must stay alive to stop the servers it started, and this process to tell the outcome.
  const ignore = (): void => {}
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal)
  process.on('SIGINT', ignore)
  process.on('SIGTERM', forward)
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code) => resolve({ exitCode: code ?? 1, output: printed }))
    })
  } finally {
    process.off('SIGINT', ignore)
    process.off('SIGTERM', forward)
  }
}
