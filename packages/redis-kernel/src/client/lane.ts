import { DriverFault, withDeadline } from '@cairnkit/core/driver'
import type {
  RedisCommand,
  RedisPrimary,
  RedisReply,
  TransportCallOptions,
  WaitedReply,
} from '../redis-transport.js'
import { type BorrowedState, whenReady } from './borrowing.js'
import { greet } from './connecting.js'
import { ConnectionLog, SILENT_SERVER_HINT } from './connection-log.js'
import { type Channels, type ThenWait, sendThenWait } from './send-then-wait.js'
import { Silence } from './silence.js'
import { WaitingSends } from './waiting-sends.js'

/** A client, its own or borrowed, on which commands travel in the order in which they were sent. */
export interface Lane {
  connect(options: TransportCallOptions): Promise<void>
  close(): Promise<void>
  send(key: Uint8Array, command: RedisCommand): Promise<RedisReply>
  sendThenWait(sent: ThenWait): Promise<WaitedReply>
  primaries(): Promise<readonly RedisPrimary[]>
}

/** How commands get onto a client. */
export interface ClientCalls<Client> extends Channels<Client> {
  /** Where it leads, without credentials, for messages. */
  readonly target: string
  /** Whether a command would be sent now. One that would be queued is refused: it might be applied much later. */
  isReady(client: Client): boolean
  send(client: Client, key: Uint8Array, command: RedisCommand): Promise<RedisReply>
  /** Every primary of a cluster. @default the one that the client leads to */
  primaries?(client: Client): readonly RedisPrimary[]
}

/** A command that has waited for its answer for long. */
export interface Waiting {
  readonly key: Uint8Array
  /** What it travelled on. */
  readonly connection: object
  /** Whether any other command was answered there since it was sent: then the server is slow, and not gone. */
  readonly answered: boolean
}

/** A command that has failed. */
export interface Failure {
  readonly key: Uint8Array
  readonly cause: unknown
  /** Of the client that it was sent by. */
  readonly log: ConnectionLog
}

/** How a client is made, opened and ended. */
export interface OwnedClient<Client> extends ClientCalls<Client> {
  /** Makes a client that is not connected yet, and reports to `log` all that it says. */
  create(log: ConnectionLog): Client
  /** Rejects when it is clear that there is no connection to be had. */
  open(client: Client): Promise<void>
  /** Ends it now. Never rejects. */
  destroy(client: Client): Promise<void>
  /** For a client that does not notice by itself that a server hangs. */
  readonly hanging?: {
    /** What a command for `key` travels on now. @default the client */
    connection?(client: Client, key: Uint8Array): object | undefined
    /** A command has waited for as long as a connection may be silent. */
    notice(client: Client, waiting: Waiting): 'replace' | 'keep'
  }
  /** Hears of each command that fails, and says what it is to fail with. @default the cause */
  failed?(client: Client, failure: Failure): unknown
}

/** A lane over a client that the driver makes: a new one for each attempt to connect, until one succeeds. */
export class OwnedLane<Client> implements Lane {
  readonly #kind: OwnedClient<Client>
  readonly #silenceMs: number
  #log = new ConnectionLog()
  #client: Client | undefined
  #connecting: Promise<void> | undefined
  readonly #sends = new WaitingSends()
  readonly #answeredAt = new WeakMap<object, number>()

  constructor(kind: OwnedClient<Client>, silenceMs: number) {
    this.#kind = kind
    this.#silenceMs = silenceMs
  }

  connect(options: TransportCallOptions): Promise<void> {
    if (this.#log.connected) return Promise.resolve()
    this.#connecting ??= this.#connect(options).finally(() => {
      this.#connecting = undefined
    })
    return this.#connecting
  }

  async #connect(options: TransportCallOptions): Promise<void> {
    const log = new ConnectionLog()
    const client = this.#kind.create(log)
    this.#client = client
    this.#log = log
    try {
      await inTime(this.#kind.open(client), this.#kind.target, options)
      if (this.#client !== client)
        throw new DriverFault({ code: 'closed', disposition: 'permanent' }, 'closed')
      log.opened()
    } catch (error) {
      log.note(error)
      const fault = log.fault(`Cannot connect to ${this.#kind.target}`)
      if (this.#client === client) this.#client = undefined
      // Not awaited: a peer that does not answer would make the failure late.
      void this.#kind.destroy(client)
      throw fault
    }
  }

  async close(): Promise<void> {
    const client = this.#client
    this.#client = undefined
    this.#log = new ConnectionLog()
    if (client !== undefined) await this.#kind.destroy(client)
  }

  send(key: Uint8Array, command: RedisCommand): Promise<RedisReply> {
    return this.#use(key, (client) => this.#kind.send(client, key, command))
  }

  sendThenWait(sent: ThenWait): Promise<WaitedReply> {
    return this.#use(sent.key, (client) => sendThenWait(this.#kind, client, this.#sends, sent))
  }

  #use<T>(key: Uint8Array, send: (client: Client) => Promise<T>): Promise<T> {
    const client = this.#client
    if (client === undefined || !this.#kind.isReady(client)) return Promise.reject(this.#offline())
    const kind = this.#kind
    const sent = kind.failed === undefined ? send(client) : this.#explain(send(client), client, key)
    return kind.hanging === undefined ? sent : this.#watch(sent, client, key, kind.hanging)
  }

  async #explain<T>(sent: Promise<T>, client: Client, key: Uint8Array): Promise<T> {
    const [kind, log] = [this.#kind, this.#log]
    try {
      return await sent
    } catch (cause) {
      throw kind.failed === undefined ? cause : kind.failed(client, { key, cause, log })
    }
  }

  async #watch<T>(
    sent: Promise<T>,
    client: Client,
    key: Uint8Array,
    hanging: NonNullable<OwnedClient<Client>['hanging']>,
  ): Promise<T> {
    const sentAt = performance.now()
    const connection = hanging.connection?.(client, key) ?? (client as object)
    const timer = setTimeout(() => {
      if (client !== this.#client) return
      const answered = (this.#answeredAt.get(connection) ?? 0) > sentAt
      if (hanging.notice(client, { key, connection, answered }) === 'replace') this.#replace(client)
    }, this.#silenceMs)
    try {
      return await sent
    } finally {
      clearTimeout(timer)
      this.#answeredAt.set(connection, performance.now())
    }
  }

  #replace(client: Client): void {
    const fresh = this.#kind.create(this.#log)
    this.#client = fresh
    void this.#kind.destroy(client)
    // It was connected before, so it goes on trying by itself.
    this.#kind.open(fresh).catch(this.#log.note)
  }

  async primaries(): Promise<readonly RedisPrimary[]> {
    if (this.#client === undefined) throw this.#offline()
    return this.#kind.primaries?.(this.#client) ?? onlyPrimary(this)
  }

  #offline(): DriverFault {
    return this.#log.fault(`Not connected to ${this.#kind.target}`)
  }
}

/** How a client that the caller made is prepared. */
export interface BorrowedClient<Client> extends Omit<ClientCalls<Client>, 'target'> {
  state(client: Client): BorrowedState
  /** Asks the server for any answer. @default none: to be ready, it was asked */
  greeting?(client: Client): Promise<unknown>
}

/** What every client has. It is listened to, so that a connection that is lost never ends the process. */
export interface AnyClient {
  connect(): Promise<unknown>
  on(event: 'error', listener: (error: Error) => void): unknown
  off(event: 'error', listener: (error: Error) => void): unknown
}

/** A lane over a client that the caller made. It is never ended here, and left without listeners of ours. */
export class BorrowedLane<Client extends AnyClient> implements Lane {
  readonly #kind: BorrowedClient<Client>
  readonly #client: Client
  readonly #log = new ConnectionLog()
  readonly #sends = new WaitingSends()
  readonly #silence: Silence
  #listening = false

  constructor(kind: BorrowedClient<Client>, client: Client, silenceMs: number) {
    this.#kind = kind
    this.#client = client
    this.#silence = new Silence(silenceMs)
  }

  async connect(options: TransportCallOptions): Promise<void> {
    if (this.#log.connected) return
    // Kept until close, also when connecting fails: a client goes on trying, and without a listener its next error
    // would end the process.
    if (!this.#listening) this.#client.on('error', this.#log.note)
    this.#listening = true
    try {
      await inTime(this.#prepare(options.timeoutMs), 'it', options)
      this.#log.opened()
    } catch (error) {
      this.#log.note(error)
      throw this.#log.fault('Cannot use the client that was passed')
    }
  }

  async #prepare(timeoutMs: number): Promise<void> {
    const [kind, client] = [this.#kind, this.#client]
    if (kind.state(client) === 'idle') await client.connect()
    await whenReady(() => kind.state(client), timeoutMs)
    if (kind.greeting !== undefined) await greet(kind.greeting(client))
  }

  close(): Promise<void> {
    this.#client.off('error', this.#log.note)
    this.#listening = false
    return Promise.resolve()
  }

  send(key: Uint8Array, command: RedisCommand): Promise<RedisReply> {
    if (!this.#isReady) return Promise.reject(this.#offline())
    return this.#silence.watch(this.#kind.send(this.#client, key, command))
  }

  sendThenWait(sent: ThenWait): Promise<WaitedReply> {
    if (!this.#isReady) return Promise.reject(this.#offline())
    return this.#silence.watch(sendThenWait(this.#kind, this.#client, this.#sends, sent))
  }

  async primaries(): Promise<readonly RedisPrimary[]> {
    if (!this.#isReady) throw this.#offline()
    return this.#kind.primaries?.(this.#client) ?? onlyPrimary(this)
  }

  get #isReady(): boolean {
    return !this.#silence.isResting && this.#kind.isReady(this.#client)
  }

  #offline(): DriverFault {
    const what = this.#silence.isResting ? 'gets no answers' : 'is not connected'
    return this.#log.fault(`The client that was passed ${what}`)
  }
}

function onlyPrimary(lane: Lane): readonly RedisPrimary[] {
  return [{ send: (command) => lane.send(new Uint8Array(), command) }]
}

async function inTime(work: Promise<void>, target: string, options: TransportCallOptions): Promise<void> {
  try {
    await withDeadline(work, options.timeoutMs, options.signal)
  } catch (error) {
    if (!DriverFault.isInstance(error) || error.disposition !== 'ambiguous') throw error
    // Nothing of ours is sent while connecting, so nothing can have been applied.
    throw error.code === 'aborted'
      ? new DriverFault({ code: 'aborted', disposition: 'permanent' }, 'connecting was aborted')
      : new DriverFault(
          { code: 'timeout', disposition: 'transient' },
          `no answer from ${target} within ${options.timeoutMs} ms; ${SILENT_SERVER_HINT}`,
        )
  }
}
