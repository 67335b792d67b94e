import { DriverFault } from '@cairnkit/core/driver'
import type {
  ConnectOptions,
  Progress,
  RedisCommand,
  RedisPrimary,
  RedisReply,
  WaitedReply,
} from '../../redis-transport.js'
import { ConnectionLog, type LoginOrigin } from '../failures/connection-log.js'
import type { Channel } from '../sending/channel.js'
import { type ThenWait, sendThenWait } from '../sending/send-then-wait.js'
import { WaitingSends } from '../sending/waiting-sends.js'
import { AnswerWatch, type Sent, type TrafficOf, sizeOf } from './answer-watch.js'
import { type ClientCalls, type ClientHandle, onlyPrimary } from './client-handle.js'
import { connectInTime } from './connect-in-time.js'
import { reconnectDelayMs } from './connecting.js'
import { KeepAlive, ping } from './keep-alive.js'

/** A command that has failed. */
export interface Failure {
  readonly key: Uint8Array
  readonly cause: unknown
  /** Of the client that it was sent by. */
  readonly log: ConnectionLog
}

/** How to create, open, use and end a client that the driver makes. */
export interface OwnClientKind<Client> extends ClientCalls<Client> {
  /**
   * Creates a client that is not connected yet, and reports its errors to `log`. Calls `ended` when the client has ended and
   * will not reconnect by itself; without `ended`, nobody needs to know.
   */
  create(log: ConnectionLog, ended?: () => void): Client
  /** Connects. Rejects as soon as it is clear that there will be no connection. */
  open(client: Client): Promise<void>
  /** How many bytes have come on the connections of a client that is being opened. */
  receivedBytes(client: Client): number
  /** Ends the client now. Never rejects. */
  destroy(client: Client): Promise<void>
  /** Leaves a silent connection. With `replace`, the whole client is replaced. */
  silent(client: Client, silent: Pick<Sent, 'connection' | 'key'>): 'replace' | 'keep'
  /**
   * Whether this failure of a command shows that its server is not the wanted one. Then the client is replaced, and the name
   * of the server is resolved again. @default never
   */
  leaves?(cause: unknown): boolean
  /** Is told of each command that fails, and returns the error for it. @default the cause */
  failed?(client: Client, failure: Failure): unknown
}

interface Connecting<Client> {
  readonly client: Client
  readonly done: Promise<void>
}

const NO_KEY = new Uint8Array()

/** How long a connection must last to count as one. Those that end sooner are made at a growing distance. */
const STEADY_MS = 1000

/**
 * A client that the driver makes: a new one for each attempt to connect, until one succeeds, and from then on a new one
 * whenever the one in use has ended or was left. Commands are sent once it was opened, and so greeted, and refused before.
 */
export class OwnClient<Client> implements ClientHandle {
  readonly #kind: OwnClientKind<Client>
  /** Of the client in use; without one, of the last attempt to have one. */
  #log = new ConnectionLog()
  /** In use. */
  #client: Client | undefined
  #connecting: Connecting<Client> | undefined
  /** The time for one attempt: what the first of them had. */
  #patienceMs = 0
  /** Whether it was connected, and so is to be again. */
  #isKept = false
  readonly #login: LoginOrigin
  /** Whether the server refused the last login, and a function is to be asked for another one. */
  #isRefused = false
  #connectedAt = 0
  #reopenings = 0
  #timer: NodeJS.Timeout | undefined
  readonly #sends = new WaitingSends()
  readonly #answers: AnswerWatch
  readonly #keepAlive: KeepAlive

  constructor(kind: OwnClientKind<Client>, stallTimeoutMs: number, login: LoginOrigin, trafficOf: TrafficOf) {
    this.#kind = kind
    this.#login = login
    this.#answers = new AnswerWatch(stallTimeoutMs, (silent) => this.#leave(silent), trafficOf)
    this.#keepAlive = new KeepAlive(
      stallTimeoutMs / 2,
      () => (this.#client === undefined ? [] : kind.channels(this.#client)),
      (channel) => this.#ping(channel),
    )
  }

  connect(options: ConnectOptions): Promise<void> {
    if (this.#client !== undefined) return Promise.resolve()
    clearTimeout(this.#timer)
    this.#patienceMs = Math.max(this.#patienceMs, options.timeoutMs)
    this.#connecting ??= this.#begin(options)
    return this.#connecting.done
  }

  #begin(options: ConnectOptions): Connecting<Client> {
    const login = this.#isRefused ? 'asked again' : this.#login
    const log = new ConnectionLog(undefined, { isKnown: this.#isKept, login })
    const client = this.#kind.create(log, () => this.#replace(client))
    return { client, done: this.#open(client, log, options) }
  }

  async #open(client: Client, log: ConnectionLog, options: ConnectOptions): Promise<void> {
    const { target } = this.#kind
    const received = (): number => this.#kind.receivedBytes(client)
    const isWanted = (): boolean => this.#connecting?.client === client
    try {
      await connectInTime(this.#kind.open(client), target, options, received)
      if (!isWanted()) throw new DriverFault({ code: 'closed', disposition: 'permanent' }, 'closed')
      if (!this.#kind.isReady(client)) throw new Error('the connection was lost at once')
      this.#connecting = undefined
      this.#client = client
      this.#log = log
      this.#isKept = true
      this.#isRefused = false
      this.#connectedAt = performance.now()
      log.opened()
      this.#keepAlive.start()
    } catch (error) {
      log.note(error)
      if (isWanted()) {
        this.#connecting = undefined
        this.#log = log
        if (this.#isKept) this.#reopen()
      }
      // Not awaited: a peer that does not answer would make the failure late.
      void this.#kind.destroy(client)
      const fault = log.fault(`Cannot connect to ${target}`)
      this.#isRefused = fault.code === 'auth' && fault.disposition === 'transient'
      throw fault
    }
  }

  async close(): Promise<void> {
    this.#keepAlive.stop()
    const client = this.#client ?? this.#connecting?.client
    clearTimeout(this.#timer)
    this.#client = undefined
    this.#connecting = undefined
    this.#isKept = false
    this.#log = new ConnectionLog()
    if (client !== undefined) await this.#kind.destroy(client)
  }

  send(key: Uint8Array, command: RedisCommand): Promise<RedisReply> {
    return this.#use(key, command, (client) => this.#kind.send(client, key, command))
  }

  sendThenWait(sent: ThenWait): Promise<WaitedReply> {
    return this.#use(sent.key, sent.command, (client) => sendThenWait(this.#kind, client, this.#sends, sent))
  }

  #use<T>(key: Uint8Array, command: RedisCommand, send: (client: Client) => Promise<T>): Promise<T> {
    const client = this.#client
    if (client === undefined || !this.#kind.isReady(client)) return Promise.reject(this.#offline())
    const kind = this.#kind
    const by = client as object
    const connection = kind.connection?.(client, key) ?? by
    const answer = kind.failed === undefined ? send(client) : this.#explain(send(client), client, key)
    const sent = { client: by, connection, key, bytes: sizeOf(command) }
    return this.#answers.watch(sent, this.#heard(answer, client))
  }

  /** A connection that gives no answer to it is left, as for any other command. */
  async #ping(channel: Channel): Promise<void> {
    const client = this.#client
    if (client === undefined) return
    const sent = { client: client as object, connection: channel.connection, key: NO_KEY, bytes: 0 }
    await this.#answers.watch(sent, ping(channel))
  }

  /** Leaves the client, before the caller hears of it, when its server is not the one that is looked for. */
  #heard<T>(sent: Promise<T>, client: Client): Promise<T> {
    const kind = this.#kind
    if (kind.leaves === undefined) return sent
    sent.catch((cause: unknown) => {
      if (client !== this.#client || kind.leaves?.(cause) !== true) return
      this.#log.note(cause)
      this.#replace(client)
    })
    return sent
  }

  async #explain<T>(sent: Promise<T>, client: Client, key: Uint8Array): Promise<T> {
    const [kind, log] = [this.#kind, this.#log]
    try {
      return await sent
    } catch (cause) {
      throw kind.failed === undefined ? cause : kind.failed(client, { key, cause, log })
    }
  }

  #leave(silent: Sent): void {
    const client = this.#client
    // One that was replaced meanwhile has ended.
    if (client === undefined || client !== silent.client) return
    if (this.#kind.silent(client, silent) === 'replace') this.#replace(client)
  }

  /** Has another client opened in the place of one that is of no more use. */
  #replace(client: Client): void {
    if (client !== this.#client) return
    this.#client = undefined
    void this.#kind.destroy(client)
    if (performance.now() - this.#connectedAt > STEADY_MS) this.#reopenings = 0
    this.#reopen()
  }

  #reopen(): void {
    this.#reopenings++
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      // A failure is in the log, and has led to the next attempt.
      const isWaitedFor = (): boolean => this.#isKept
      this.connect({ timeoutMs: this.#patienceMs, isWaitedFor }).catch(() => undefined)
    }, reconnectDelayMs(this.#reopenings))
  }

  progress(key: Uint8Array): Progress | undefined {
    const client = this.#client
    if (client === undefined) return undefined
    return this.#answers.progress(this.#kind.connection?.(client, key) ?? (client as object), key)
  }

  async primaries(): Promise<readonly RedisPrimary[]> {
    if (this.#client === undefined) throw this.#offline()
    return this.#kind.primaries?.(this.#client) ?? onlyPrimary(this)
  }

  #offline(): DriverFault {
    return this.#log.fault(`Not connected to ${this.#kind.target}`)
  }
}
