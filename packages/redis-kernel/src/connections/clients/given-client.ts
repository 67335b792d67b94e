import type { DriverFault } from '@cairnkit/core/driver'
import type {
  ConnectOptions,
  Progress,
  RedisCommand,
  RedisPrimary,
  RedisReply,
  WaitedReply,
} from '../../redis-transport.js'
import { ConnectionLog } from '../failures/connection-log.js'
import { type ThenWait, sendThenWait } from '../sending/send-then-wait.js'
import { WaitingSends } from '../sending/waiting-sends.js'
import { AnswerWatch, type TrafficOf, sizeOf } from './answer-watch.js'
import { type ClientCalls, type ClientHandle, onlyPrimary } from './client-handle.js'
import { connectInTime } from './connect-in-time.js'
import { greet } from './connecting.js'
import { type GivenState, whenGone, whenReady } from './given-settings.js'
import { KeepAlive } from './keep-alive.js'
import { isNoPrimary } from './single-server.js'

/** How to use an existing client. */
export interface GivenClientKind<Client> extends Omit<ClientCalls<Client>, 'target'> {
  state(client: Client): GivenState
  /** Asks the server for any answer. @default none: a client that is ready has an answer already */
  greeting?(client: Client): Promise<unknown>
  /**
   * Ends the connection to the server, so that the client resolves the name again and connects anew. @default the client
   * cannot do that, or finds the primary by itself
   */
  renew?(client: Client): void
}

/** What every client has. It gets an `error` listener, so that a lost connection never ends the process. */
export interface AnyClient {
  connect(): Promise<unknown>
  on(event: 'error', listener: (error: Error) => void): unknown
  off(event: 'error', listener: (error: Error) => void): unknown
}

/** A client that the caller made. It is never ended here, and left without listeners of ours. */
export class GivenClient<Client extends AnyClient> implements ClientHandle {
  readonly #kind: GivenClientKind<Client>
  readonly #client: Client
  readonly #log = new ConnectionLog()
  readonly #sends = new WaitingSends()
  readonly #keepAlive: KeepAlive
  /** A connection that is silent is its owner's, so it is not ended: it rests, until something is heard on it. */
  readonly #answers: AnswerWatch
  readonly #trafficOf: TrafficOf
  #listening = false
  #renewals = 0
  #isLeaving = false

  constructor(kind: GivenClientKind<Client>, client: Client, stallTimeoutMs: number, trafficOf: TrafficOf) {
    this.#kind = kind
    this.#client = client
    this.#trafficOf = trafficOf
    this.#answers = new AnswerWatch(stallTimeoutMs, () => {}, trafficOf)
    // Not watched: one dead connection of a pool is no reason to hold back what others can carry.
    this.#keepAlive = new KeepAlive(stallTimeoutMs / 2, () =>
      !this.#isLeaving && kind.isReady(client) ? kind.channels(client) : [],
    )
  }

  async connect(options: ConnectOptions): Promise<void> {
    if (this.#log.connected) return
    // Kept until close, also when connecting fails: a client goes on trying, and without a listener its next error
    // would end the process.
    if (!this.#listening) this.#client.on('error', this.#log.note)
    this.#listening = true
    try {
      const traffic = this.#trafficOf(this.#client)
      const received = (): number => traffic?.receivedBytes ?? 0
      await connectInTime(this.#prepare(options.timeoutMs), 'it', options, received)
      this.#log.opened()
      this.#keepAlive.start()
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
    this.#keepAlive.stop()
    this.#client.off('error', this.#log.note)
    this.#listening = false
    return Promise.resolve()
  }

  send(key: Uint8Array, command: RedisCommand): Promise<RedisReply> {
    return this.#use(key, command, () => this.#kind.send(this.#client, key, command))
  }

  sendThenWait(sent: ThenWait): Promise<WaitedReply> {
    return this.#use(sent.key, sent.command, () => sendThenWait(this.#kind, this.#client, this.#sends, sent))
  }

  #use<T>(key: Uint8Array, command: RedisCommand, send: () => Promise<T>): Promise<T> {
    const [kind, client] = [this.#kind, this.#client]
    if (this.#isLeaving || !kind.isReady(client)) return Promise.reject(this.#offline('is not connected'))
    const connection = kind.connection?.(client, key) ?? client
    if (this.#answers.isSilent(connection)) return Promise.reject(this.#offline('gets no answers'))
    return this.#answers.watch({ client, connection, key, bytes: sizeOf(command) }, this.#heard(send()))
  }

  /** A server that has become a replica is left, once for all commands that it answers so. */
  #heard<T>(sent: Promise<T>): Promise<T> {
    const kind = this.#kind
    const renewals = this.#renewals
    if (kind.renew === undefined) return sent
    sent.catch((cause: unknown) => {
      if (renewals !== this.#renewals || !isNoPrimary(cause)) return
      this.#renewals++
      this.#isLeaving = true
      kind.renew?.(this.#client)
      // What is sent before the connection has ended is lost with it.
      void whenGone(() => kind.isReady(this.#client)).then(() => (this.#isLeaving = false))
    })
    return sent
  }

  progress(key: Uint8Array): Progress | undefined {
    const connection = this.#kind.connection?.(this.#client, key) ?? this.#client
    return this.#answers.progress(connection, key)
  }

  async primaries(): Promise<readonly RedisPrimary[]> {
    if (!this.#kind.isReady(this.#client)) throw this.#offline('is not connected')
    return this.#kind.primaries?.(this.#client) ?? onlyPrimary(this)
  }

  #offline(what: string): DriverFault {
    return this.#log.fault(`The client that was passed ${what}`)
  }
}
