import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { ToWriter, WriterOrders, WriterProgress } from '../writer/protocol.js'

const MAIN = fileURLToPath(new URL('../writer/main.ts', import.meta.url))
const EXEC_ARGUMENTS = ['--conditions=@cairnkit/source', '--import', import.meta.resolve('tsx')]

/** Longer than a call may take by default: one that waits for a server that is gone ends by itself. */
const STOP_LIMIT_MS = 40_000

/** A process that writes. It has died if it ends before it was told to, or with anything but 0. */
export class WriterProcess {
  readonly orders: WriterOrders
  readonly #child: ChildProcess
  readonly #exit: Promise<string>
  #stopping = false
  #errors = ''
  progress: WriterProgress = {
    acknowledged: 0,
    refused: 0,
    turns: 0,
    healed: { checkpoints: 0, writes: 0 },
    threads: [],
  }
  /** How it died, with its last words. */
  death: string | undefined

  constructor(orders: WriterOrders) {
    this.orders = orders
    this.#child = fork(MAIN, [], { execArgv: EXEC_ARGUMENTS, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#errors = (this.#errors + text).slice(-4000)
    })
    this.#child.on('message', (progress: WriterProgress) => {
      this.progress = progress
    })
    // A message to a process that is gone; `exit` says what there is to say.
    this.#child.on('error', () => undefined)
    this.#exit = new Promise((resolve) => {
      this.#child.once('close', (code, signal) => {
        const end = `${orders.name} (${orders.client}) ended with ${signal ?? code}`
        if (!this.#stopping || code !== 0) this.death ??= `${end}\n${this.#errors.trim()}`
        resolve(end)
      })
    })
    this.#tell({ type: 'start', orders })
  }

  /** What it wrote to its error output, warnings for instance. */
  get errors(): string {
    return this.#errors.trim()
  }

  /** Resolves when every turn that was begun has ended and the process with it. */
  async stop(): Promise<void> {
    this.#stopping = true
    this.#tell({ type: 'stop' })
    const impatience = setTimeout(() => {
      this.death ??= `${this.orders.name} (${this.orders.client}) did not end within ${STOP_LIMIT_MS} ms`
      this.#child.kill('SIGKILL')
    }, STOP_LIMIT_MS)
    await this.#exit
    clearTimeout(impatience)
  }

  kill(): void {
    this.#stopping = true
    this.#child.kill('SIGKILL')
  }

  #tell(message: ToWriter): void {
    if (this.#child.connected) this.#child.send(message)
  }
}
