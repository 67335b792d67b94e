import { type Classification, DriverFault } from '@cairnkit/core/driver'
import type {
  RedisCommand,
  RedisPrimary,
  RedisReply,
  RedisTransport,
  TransportCallOptions,
  WaitedReply,
} from '../redis-transport.js'
import { silenceMs } from './connecting.js'
import {
  type BorrowedClient,
  BorrowedLane,
  type AnyClient,
  type Lane,
  type OwnedClient,
  OwnedLane,
} from './lane.js'
import type { ClusterSettings, ConnectionPlan, StandaloneSettings } from './options.js'
import { sentinelClient } from './sentinel-client.js'
import type { SingleServerClient } from './single-server.js'

/** What a client package supplies: how its clients are made and used, and what their errors mean. */
export interface ClientPackage<Client extends AnyClient> {
  readonly name: string
  standalone(settings: StandaloneSettings): SingleServerClient<unknown>
  cluster(settings: ClusterSettings): OwnedClient<unknown>
  borrowed(client: Client): BorrowedClient<Client>
  classify(cause: unknown): Classification | undefined
}

export function createTransport<Client extends AnyClient>(
  library: ClientPackage<Client>,
  plan: ConnectionPlan<Client>,
): RedisTransport {
  const owned = <T>(kind: OwnedClient<T>): Lane => new OwnedLane(kind, silenceMs(plan))
  const lane = (): Lane => {
    switch (plan.kind) {
      case 'standalone':
        return owned(library.standalone(plan.settings))
      case 'sentinel':
        return owned(sentinelClient(plan.settings, (settings) => library.standalone(settings)))
      case 'cluster':
        return owned(library.cluster(plan.settings))
      case 'borrowed':
        return new BorrowedLane(library.borrowed(plan.client), plan.client, silenceMs(plan))
    }
  }
  const more = Array.from({ length: plan.poolSize - 1 }, lane)
  return new LaneTransport(library.name, [lane(), ...more], (cause) => library.classify(cause))
}

/** A transport over one or more lanes. What belongs to one key travels on one lane, so it stays in order. */
class LaneTransport implements RedisTransport {
  readonly name: string
  readonly #lanes: readonly [Lane, ...Lane[]]
  readonly #classify: (cause: unknown) => Classification | undefined

  constructor(
    name: string,
    lanes: readonly [Lane, ...Lane[]],
    classify: (cause: unknown) => Classification | undefined,
  ) {
    this.name = name
    this.#lanes = lanes
    this.#classify = classify
  }

  async connect(options: TransportCallOptions): Promise<void> {
    try {
      await Promise.all(this.#lanes.map((lane) => lane.connect(options)))
    } catch (error) {
      // The lane that failed has cleaned up; the others must not stay connected behind a failure.
      if (this.#lanes.length > 1) await this.close()
      throw error
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.close()))
  }

  send(key: Uint8Array, command: RedisCommand): Promise<RedisReply> {
    return this.#lane(key).send(key, command).catch(refuseRedirection)
  }

  sendThenWait(
    key: Uint8Array,
    command: RedisCommand,
    wait: RedisCommand,
    { timeoutMs }: Pick<TransportCallOptions, 'timeoutMs'>,
  ): Promise<WaitedReply> {
    const expiresAt = performance.now() + timeoutMs
    return this.#lane(key).sendThenWait({ key, command, wait, expiresAt }).catch(refuseRedirection)
  }

  primaries(): Promise<readonly RedisPrimary[]> {
    return this.#lanes[0].primaries()
  }

  classify(cause: unknown): Classification | undefined {
    return this.#classify(cause)
  }

  #lane(key: Uint8Array): Lane {
    const [first] = this.#lanes
    return this.#lanes.length === 1 ? first : (this.#lanes[hash(key) % this.#lanes.length] ?? first)
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
