import { spawn } from 'node:child_process'
import { CommandFailed } from './command-failed.js'

export interface CommandOptions {
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  /** When the program is ended, and has failed. @default 900000 */
  readonly timeoutMs?: number
}

/** Runs a program to its end and resolves to what it printed. Rejects with `CommandFailed` unless it ends with code 0. */
export async function runCommand(argv: readonly string[], options: CommandOptions): Promise<string> {
  const { cwd, env, timeoutMs = 900_000 } = options
  const [program = '', ...args] = argv
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let all = ''
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
    all += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => (all += chunk.toString()))
  const end = (): void => void child.kill('SIGKILL')
  process.once('exit', end)
  let late = false
  const watchdog = setTimeout(() => {
    late = true
    end()
  }, timeoutMs)
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  }).finally(() => {
    clearTimeout(watchdog)
    process.off('exit', end)
  })
  if (late) throw new CommandFailed(argv, `was ended after ${timeoutMs / 1000} s`, all)
  if (code !== 0) throw new CommandFailed(argv, `ended with exit code ${code}`, all)
  return stdout
}
