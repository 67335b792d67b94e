import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const toolRoot = fileURLToPath(new URL('../..', import.meta.url))

export interface ProgramResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A TypeScript file of this tool, run in a process of its own. */
export class Program {
  readonly child: ChildProcess
  readonly #exited: Promise<unknown[]>
  stdout = ''
  stderr = ''

  constructor(
    file: string,
    args: readonly string[] = [],
    env: NodeJS.ProcessEnv = {},
    options: SpawnOptions = {},
  ) {
    this.child = spawn(
      process.execPath,
      ['--conditions=@cairnkit/source', '--import', 'tsx', file, ...args],
      {
        cwd: toolRoot,
        env: { ...process.env, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
        ...options,
      },
    )
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text))
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text))
    running.add(this.child)
    this.child.once('exit', () => running.delete(this.child))
    this.#exited = once(this.child, 'close')
  }

  async result(): Promise<ProgramResult> {
    const [code] = await this.#exited
    return { code: code as number | null, stdout: this.stdout, stderr: this.stderr }
  }
}

const running = new Set<ChildProcess>()

// A test that failed may leave its program waiting for a signal that nobody sends any more.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})
