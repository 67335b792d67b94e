import { type Classification, processTime } from '@cairnkit/core/driver'
import type {
  ConnectOptions,
  Progress,
  RedisCommand,
  RedisPrimary,
  RedisReply,
  RedisTransport,
  TransportCallOptions,
  WaitedReply,
} from '../redis-transport.js'
import type { ClientHandle } from './clients/client-handle.js'
import { explainRefusal } from './failures/refused-command.js'

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

  async connect(options: ConnectOptions): Promise<void> {
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
    return this.#clientFor(key)
      .send(key, command)
      .catch((cause: unknown) => explainRefusal(cause, command))
  }

  sendThenWait(
    key: Uint8Array,
    command: RedisCommand,
    wait: RedisCommand,
    { timeoutMs }: Pick<TransportCallOptions, 'timeoutMs'>,
  ): Promise<WaitedReply> {
    const expiresAt = processTime.now() + timeoutMs
    return this.#clientFor(key)
      .sendThenWait({ key, command, wait, expiresAt })
      .catch((cause: unknown) => explainRefusal(cause, command))
  }

  progress(key: Uint8Array): Progress | undefined {
    return this.#clientFor(key).progress(key)
  }

  async primaries(): Promise<readonly RedisPrimary[]> {
    const primaries = await this.#clients[0].primaries()
    return primaries.map((primary) => ({
      send: (command) => primary.send(command).catch((cause: unknown) => explainRefusal(cause, command)),
    }))
  }

  classify(cause: unknown): Classification | undefined {
    return this.#classify(cause)
  }

  #clientFor(key: Uint8Array): ClientHandle {
    const [first] = this.#clients
    return this.#clients.length === 1 ? first : (this.#clients[hash(key) % this.#clients.length] ?? first)
  }
}

/** FNV-1a. */
function hash(bytes: Uint8Array): number {
  let state = 0x811c9dc5
  for (const byte of bytes) state = Math.imul(state ^ byte, 0x01000193)
  return state >>> 0
}
