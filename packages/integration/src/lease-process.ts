import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type CompiledPrograms, compilePrograms } from '@cairnkit/tool-kit/compile-programs'
import type { LeaseOrder } from './lease-child.js'

const source = fileURLToPath(new URL('lease-child.ts', import.meta.url))

/** What `LeaseProcess` is to be started with. */
export async function leaseProgram(): Promise<CompiledPrograms> {
  return await compilePrograms([source], fileURLToPath(new URL('..', import.meta.url)))
}

/** Another process that takes a lease and is told what to do with it. */
export class LeaseProcess implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #words: AsyncIterator<string>

  static async start(programs: CompiledPrograms, order: LeaseOrder): Promise<LeaseProcess> {
    const child = spawn(process.execPath, [programs.path(source), JSON.stringify(order)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const started = new LeaseProcess(child)
    const word = await started.next()
    if (word !== 'ready') throw new Error(`The process ${order.name} began with ${word}`)
    return started
  }

  private constructor(child: ChildProcess) {
    this.#child = child
    if (child.stdout === null) throw new Error('A process without output')
    this.#words = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  }

  tell(word: 'start' | 'write' | 'end'): void {
    this.#child.stdin?.write(`${word}\n`)
  }

  /** The next word that the process tells. */
  async next(): Promise<string> {
    const { value, done } = await this.#words.next()
    return done === true ? 'gone' : value
  }

  async ask(word: 'start' | 'write' | 'end'): Promise<string> {
    this.tell(word)
    return await this.next()
  }

  signal(name: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): void {
    this.#child.kill(name)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const isGone = this.#child.exitCode !== null || this.#child.signalCode !== null
    const gone = isGone ? undefined : new Promise((resolve) => this.#child.once('exit', resolve))
    this.#child.kill('SIGKILL')
    await gone
  }
}
