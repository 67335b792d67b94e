import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Endpoint, RedisConnection } from './connection.js'
import { replyAsText } from './resp.js'
import { type WaitLimits, waitFor } from './wait-for.js'
import type { Watchdog } from './watchdog.js'

export interface ServerSpec {
  readonly name: string
  readonly program: string
  /** Words before the program, which it takes over the process from. */
  readonly within: readonly string[]
  readonly directory: string
  readonly configFile: string
  readonly sentinel: boolean
  /** With the credentials of a user that may do everything. */
  readonly endpoint: Endpoint
  /** Runs after each start, when the server answers: for settings that no configuration file can hold. */
  readonly afterStart?: (connection: RedisConnection) => Promise<void>
}

export class ServerStartError extends Error {
  override readonly name = 'ServerStartError'
  /** Another program was faster: the same start succeeds on other ports. */
  readonly addressInUse: boolean

  constructor(spec: ServerSpec, log: string) {
    super(
      `${spec.program} (${spec.name}, port ${spec.endpoint.port}) stopped while starting. Its last words:\n${log}`,
    )
    this.addressInUse = /Address already in use/i.test(log)
  }
}

/** One server program that can be started, frozen and killed at will. */
export class ServerProcess {
  readonly spec: ServerSpec
  readonly #watchdog: Watchdog
  #child: ChildProcess | undefined

  constructor(spec: ServerSpec, watchdog: Watchdog) {
    this.spec = spec
    this.#watchdog = watchdog
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  async start(limits: WaitLimits = {}): Promise<void> {
    if (this.#child !== undefined) throw new Error(`${this.spec.name} is running already`)
    const { program, within, configFile, directory, sentinel } = this.spec
    const [first = program, ...words] = [...within, program, configFile, ...(sentinel ? ['--sentinel'] : [])]
    const log = openSync(this.#logFile, 'a')
    // Detached: Ctrl-C in a terminal is for the owner of the lab, who stops the servers in its own time.
    const child = spawn(first, words, {
      cwd: directory,
      detached: true,
      stdio: ['ignore', log, log],
    })
    closeSync(log)
    const ended = new AbortController()
    child.once('error', (error) => {
      this.#child = undefined
      ended.abort(error)
    })
    child.once('exit', () => {
      if (child.pid !== undefined) this.#watchdog.forget(child.pid)
      this.#child = undefined
      ended.abort(new ServerStartError(this.spec, this.#lastWords()))
    })
    this.#child = child
    if (child.pid !== undefined) this.#watchdog.watch(child.pid)
    child.unref()
    await this.#answers({
      ...limits,
      signal: AbortSignal.any([ended.signal, ...(limits.signal ? [limits.signal] : [])]),
    })
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  killNow(): void {
    this.#child?.kill('SIGKILL')
  }

  async pause(): Promise<void> {
    const { pid } = this.#running()
    process.kill(pid, 'SIGSTOP')
    // The signal stops one thread after the other; on Linux the kernel tells when the last one stands.
    if (process.platform === 'linux') {
      await waitFor(`${this.spec.name} stands still`, () => (processState(pid) === 'T' ? true : undefined))
    }
  }

  async resume(): Promise<void> {
    process.kill(this.#running().pid, 'SIGCONT')
  }

  /** Ends the server in good order if it runs and starts it on the same port. */
  async restart(options: { readonly empty?: boolean } = {}, limits: WaitLimits = {}): Promise<void> {
    await this.#end('SIGTERM')
    if (options.empty === true) await this.#removeData()
    await this.start(limits)
  }

  get #logFile(): string {
    return join(this.spec.directory, 'server.log')
  }

  #lastWords(): string {
    try {
      return readFileSync(this.#logFile, 'utf8').trimEnd().split('\n').slice(-12).join('\n')
    } catch (error) {
      // Its directory was removed under it: the error that this text goes into matters more.
      return `(no log: ${String(error)})`
    }
  }

  #running(): { readonly child: ChildProcess; readonly pid: number } {
    const child = this.#child
    if (child?.pid === undefined) throw new Error(`${this.spec.name} is not running`)
    return { child, pid: child.pid }
  }

  async #end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = this.#child
    if (child === undefined) return
    const exited = once(child, 'exit')
    child.kill(signal)
    // A frozen server hears SIGTERM only when it goes on.
    if (signal === 'SIGTERM') child.kill('SIGCONT')
    // A primary waits for replicas that lag (10 s in Redis 7): a lab has no time for them.
    const impatience = setTimeout(() => child.kill('SIGKILL'), 2000)
    try {
      await exited
    } finally {
      clearTimeout(impatience)
    }
  }

  /** A server that is no process of ours could not be frozen or killed, and would outlive the lab. */
  #notItself(served: number): Error {
    process.kill(served, 'SIGKILL')
    return new Error(
      `${this.spec.program} starts its server as another process (process ${served}): a script must exec the server, ` +
        'since what the lab freezes and kills is the process that it started',
    )
  }

  /** nodes.conf stays: a cluster node without data is still the node that the others know. */
  async #removeData(): Promise<void> {
    const names = ['dump.rdb', 'appendonly.aof', 'appendonlydir']
    await Promise.all(
      names.map((name) => rm(join(this.spec.directory, name), { recursive: true, force: true })),
    )
  }

  async #answers(limits: WaitLimits): Promise<void> {
    const connection = new RedisConnection(this.spec.endpoint)
    try {
      const served = await waitFor(
        `${this.spec.name} answers`,
        async () => {
          // The path of its configuration tells our server from a stranger's that listens on the same port.
          const info = String(replyAsText(await connection.call('INFO', 'server')))
          if (!info.includes(`config_file:${this.spec.configFile}\r\n`)) return undefined
          return Number(/^process_id:(\d+)/m.exec(info)?.[1])
        },
        { intervalMs: 3, ...limits },
      )
      if (served !== this.pid) throw this.#notItself(served)
      await waitFor(
        `${this.spec.name} has loaded its data`,
        async () => {
          await connection.call('PING')
          return true
        },
        limits,
      )
      await this.spec.afterStart?.(connection)
    } finally {
      connection.close()
    }
  }
}

/** The state letter of a process on Linux (`T` stopped, `Z` dead but not yet reaped), `undefined` if there is none. */
export function processState(pid: number): string | undefined {
  let stat: string
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    // No such file is the answer: there is no such process.
    return undefined
  }
  return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3)
}
