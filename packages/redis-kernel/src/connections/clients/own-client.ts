import { DriverFault } from '@cairnkit/core/driver'
import type {
  RedisCommand,
  RedisPrimary,
  RedisReply,
  TransportCallOptions,
  WaitedReply,
} from '../../redis-transport.js'
import { ConnectionLog } from '../failures/connection-log.js'
import { type ThenWait, sendThenWait } from '../sending/send-then-wait.js'
import { WaitingSends } from '../sending/waiting-sends.js'
import { type ClientCalls, type ClientHandle, onlyPrimary } from './client-handle.js'
import { connectInTime } from './connect-in-time.js'

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
export interface OwnClientKind<Client> extends ClientCalls<Client> {
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
export class OwnClient<Client> implements ClientHandle {
  readonly #kind: OwnClientKind<Client>
  readonly #stallTimeoutMs: number
  #log = new ConnectionLog()
  #client: Client | undefined
  #connecting: Promise<void> | undefined
  readonly #sends = new WaitingSends()
  readonly #answeredAt = new WeakMap<object, number>()

  constructor(kind: OwnClientKind<Client>, stallTimeoutMs: number) {
    this.#kind = kind
    this.#stallTimeoutMs = stallTimeoutMs
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
      await connectInTime(this.#kind.open(client), this.#kind.target, options)
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
    hanging: NonNullable<OwnClientKind<Client>['hanging']>,
  ): Promise<T> {
    const sentAt = performance.now()
    const connection = hanging.connection?.(client, key) ?? (client as object)
    const timer = setTimeout(() => {
      if (client !== this.#client) return
      const answered = (this.#answeredAt.get(connection) ?? 0) > sentAt
      if (hanging.notice(client, { key, connection, answered }) === 'replace') this.#replace(client)
    }, this.#stallTimeoutMs)
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
