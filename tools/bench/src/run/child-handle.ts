import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Answer, ChildMethods, MethodName, Question } from '../child/protocol.js'
import type { MeasuredCode } from './plan.js'

const MAIN = fileURLToPath(new URL('../child/main.ts', import.meta.url))

/**
 * A process that stands by while others are timed seems idle to V8, which then throws compiled code away: its next turns
 * take half as long again, which no server under load pays. The same for every saver.
 */
const EXEC_ARGUMENTS = ['--no-memory-reducer', '--expose-gc', '--import', import.meta.resolve('tsx')]
const SOURCES = '--conditions=@cairnkit/source'

type Parameters1<M extends MethodName> = Parameters<ChildMethods[M]>
type Result<M extends MethodName> = Awaited<ReturnType<ChildMethods[M]>>

interface Pending {
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
}

/** The process of one saver. It ends with `end()`, and with this process however it ends. */
export class ChildHandle implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #pending = new Map<number, Pending>()
  readonly #gone: Promise<void>
  #lastId = 0
  #errors = ''

  static async start(code: MeasuredCode): Promise<ChildHandle> {
    const handle = new ChildHandle(code)
    await handle.#answerTo(0)
    return handle
  }

  private constructor(code: MeasuredCode) {
    this.#child = fork(MAIN, [], {
      execArgv: code === 'source' ? [SOURCES, ...EXEC_ARGUMENTS] : EXEC_ARGUMENTS,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: childEnvironment(),
    })
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#errors = (this.#errors + text).slice(-4000)
    })
    this.#child.on('message', (answer: Answer) => this.#settle(answer))
    this.#gone = new Promise((resolve) => {
      this.#child.once('exit', (code, signal) => {
        const reason = new Error(`The process of the saver ended (${signal ?? code})\n${this.#errors}`)
        for (const { reject } of this.#pending.values()) reject(reason)
        this.#pending.clear()
        resolve()
      })
    })
  }

  async call<M extends MethodName>(method: M, ...[request]: Parameters1<M>): Promise<Result<M>> {
    this.#lastId += 1
    const question: Question = { id: this.#lastId, method, request }
    const answer = this.#answerTo(question.id)
    this.#child.send(question)
    return (await answer) as Result<M>
  }

  async end(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect()
    const killer = setTimeout(() => this.#child.kill('SIGKILL'), 2000)
    await this.#gone
    clearTimeout(killer)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end()
  }

  async #answerTo(id: number): Promise<unknown> {
    if (this.#child.exitCode !== null) throw new Error(`The process of the saver has ended\n${this.#errors}`)
    return await new Promise((resolve, reject) => this.#pending.set(id, { resolve, reject }))
  }

  #settle(answer: Answer): void {
    const pending = this.#pending.get(answer.id)
    this.#pending.delete(answer.id)
    if ('error' in answer) pending?.reject(new Error(answer.error))
    else pending?.resolve(answer.result)
  }
}

/** Tracing would measure the tracer. */
function childEnvironment(): NodeJS.ProcessEnv {
  const traced = /^(LANGSMITH|LANGCHAIN)_/
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !traced.test(name)))
}
