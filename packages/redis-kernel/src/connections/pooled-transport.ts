import { type Classification, DriverFault, processTime } from '@cairnkit/core/driver'
import type {
  RedisCommand,
  RedisPrimary,
  RedisReply,
  RedisTransport,
  TransportCallOptions,
  WaitedReply,
} from '../redis-transport.js'
import type { ClientHandle } from './clients/client-handle.js'

/** A transport over one or more clients. What belongs to one key travels by one client, so it stays in order. */
export class PooledTransport implements RedisTransport {
  readonly name: string
  readonly #clients: readonly [ClientHandle, ...ClientHandle[]]
  readonly #classify: (cause: unknown) => Classification | undefined

  constructor(
    name: string,
    clients: readonly [ClientHandle, ...ClientHandle[]],
    classify: (cause: unknown) => Classification | undefined,
  ) {
    this.name = name
    this.#clients = clients
    this.#classify = classify
  }

  async connect(options: TransportCallOptions): Promise<void> {
    try {
      await Promise.all(this.#clients.map((client) => client.connect(options)))
    } catch (error) {
      // The client that failed has cleaned up; the others must not stay connected behind a failure.
      if (this.#clients.length > 1) await this.close()
      throw error
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.close()))
  }

  send(key: Uint8Array, command: RedisCommand): Promise<RedisReply> {
    return this.#clientFor(key).send(key, command).catch(refuseRedirection)
  }

  sendThenWait(
    key: Uint8Array,
    command: RedisCommand,
    wait: RedisCommand,
    { timeoutMs }: Pick<TransportCallOptions, 'timeoutMs'>,
  ): Promise<WaitedReply> {
    const expiresAt = processTime.now() + timeoutMs
    return this.#clientFor(key).sendThenWait({ key, command, wait, expiresAt }).catch(refuseRedirection)
  }

  primaries(): Promise<readonly RedisPrimary[]> {
    return this.#clients[0].primaries()
  }

  classify(cause: unknown): Classification | undefined {
    return this.#classify(cause)
  }

  #clientFor(key: Uint8Array): ClientHandle {
    const [first] = this.#clients
    return this.#clients.length === 1 ? first : (this.#clients[hash(key) % this.#clients.length] ?? first)
  }
}

/** A client of a cluster follows redirections: one that comes this far was answered to a client of a single server. */
function refuseRedirection(cause: unknown): never {
  if (!(cause instanceof Error && cause.message.startsWith('MOVED '))) throw cause
  throw new DriverFault(
    { code: 'unsupported', disposition: 'permanent' },
    'the server is a node of a cluster: connect to it as { cluster }, or with redis+cluster://',
  )
}

/** FNV-1a. */
function hash(bytes: Uint8Array): number {
  let state = 0x811c9dc5
  for (const byte of bytes) state = Math.imul(state ^ byte, 0x01000193)
  return state >>> 0
}
