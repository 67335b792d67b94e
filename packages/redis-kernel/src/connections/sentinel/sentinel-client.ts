import { withDeadline } from '@cairnkit/core/driver'
import type { RedisCommand, RedisReply } from '../../redis-transport.js'
import type { Channel } from '../sending/channel.js'
import { addressList, reconnectDelayMs } from '../clients/connecting.js'
import { ConnectionLog } from '../failures/connection-log.js'
import type { OwnClientKind } from '../clients/own-client.js'
import type { RedisAddress, SentinelSettings } from '../options/options.js'
import type { SentinelEvent } from './sentinel-event.js'
import { SentinelListeners } from './sentinel-listeners.js'
import { type Candidate, type MakeStandalone, SentinelQuorum, textOf } from './sentinel-quorum.js'
import { type ConnectedServer, FailoverState } from './failover-state.js'

/** How often Sentinels are asked whether the primary is still the same. */
const POLL_MS = 500

/** How long a server may take to show that it is the primary while another one may be. */
const RIVAL_MS = 300

const NO_KEY = new Uint8Array()

/**
 * The primary that Sentinels name. Made of clients of single servers, which are left as soon as they are lost: clients
 * that follow Sentinels by themselves pause for a second between attempts, or end for good when a message about a
 * failover comes while they connect.
 *
 * A primary is left when its failover begins, and not when it has ended. In between two servers take writes, the replicas
 * of one acknowledge them, and they are lost when it is demoted.
 */
export function sentinelClient(
  settings: SentinelSettings,
  standalone: MakeStandalone,
): OwnClientKind<SentinelClient> {
  return {
    target: `the primary ${settings.name} of ${addressList(settings.nodes)}`,
    create: (log) => new SentinelClient(settings, standalone, log),
    open: (follower) => follower.open(),
    isReady: (follower) => follower.isReady,
    send: (follower, key, command) => follower.send(key, command),
    channel: (follower, key) => follower.channel(key),
    destroy: (follower) => follower.destroy(),
    hanging: {
      notice: (follower, { answered }) => {
        if (!answered) follower.leave()
        return 'keep'
      },
    },
  }
}

class SentinelClient {
  readonly #settings: SentinelSettings
  readonly #standalone: MakeStandalone
  readonly #log: ConnectionLog
  readonly #sentinels: SentinelQuorum
  readonly #watch: SentinelListeners
  readonly #patienceMs: number
  readonly #succession = new FailoverState()
  #primary: ConnectedServer | undefined
  #attempts = 0
  #timer: NodeJS.Timeout | undefined
  #isLooking = false
  #isEnded = false

  constructor(settings: SentinelSettings, standalone: MakeStandalone, log: ConnectionLog) {
    this.#settings = settings
    this.#standalone = standalone
    this.#log = log
    // They are asked all at once, so each may take the time of all: many clients that are made together keep the event
    // loop busy for longer than one attempt lasts.
    this.#patienceMs = settings.connectTimeoutMs
    const patient = { ...settings, attemptTimeoutMs: this.#patienceMs }
    this.#sentinels = new SentinelQuorum(patient, standalone, log)
    this.#watch = new SentinelListeners(patient, standalone, (news, sentinel) => this.#hear(news, sentinel))
  }

  get isReady(): boolean {
    if (this.#isConnected) return true
    this.#lookSoon()
    return false
  }

  get #isConnected(): boolean {
    const primary = this.#primary
    return primary?.kind.isReady(primary.client) === true
  }

  async open(): Promise<void> {
    await this.#look(this.#patienceMs)
    if (!this.#isConnected) throw new Error('none of the servers that Sentinels name is a primary')
    // The answer may take as long as an unreachable Sentinel does: nobody waits for it.
    this.#sentinels.learn().catch(this.#log.note)
    this.#watch.keep(this.#sentinels.addresses)
    this.#schedule(POLL_MS)
  }

  async send(key: Uint8Array, command: RedisCommand): Promise<RedisReply> {
    const { kind, client } = this.#connected()
    try {
      return await kind.send(client, key, command)
    } catch (cause) {
      this.#failed(client, cause)
      throw cause
    }
  }

  async channel(key: Uint8Array): Promise<Channel> {
    const { kind, client } = this.#connected()
    const channel = await kind.channel(client, key)
    return {
      connection: channel.connection,
      send: (commands) => {
        const replies = channel.send(commands)
        for (const reply of replies) reply.catch((cause: unknown) => this.#failed(client, cause))
        return replies
      },
    }
  }

  /** Its server hangs, or is none any more: looks for another. */
  leave(): void {
    const primary = this.#primary
    this.#primary = undefined
    if (primary !== undefined) void primary.kind.destroy(primary.client)
    this.#lookSoon()
  }

  async destroy(): Promise<void> {
    this.#isEnded = true
    clearTimeout(this.#timer)
    const primary = this.#primary
    this.#primary = undefined
    this.#succession.dismiss()
    await Promise.all([
      this.#sentinels.destroy(),
      this.#watch.destroy(),
      primary?.kind.destroy(primary.client),
    ])
  }

  #hear(news: SentinelEvent, sentinel: string): void {
    if (this.#isEnded) return
    this.#succession.note(news, sentinel)
    const name = this.#primary?.name
    if (name === undefined) return
    if (this.#succession.isDeposed(name)) this.leave()
    else if (news.type === 'switched' && textOf(news.from) === name) this.#lookSoon()
  }

  #connected(): ConnectedServer {
    if (this.#primary === undefined) throw this.#log.fault('Not connected to a primary')
    return this.#primary
  }

  #failed(client: unknown, cause: unknown): void {
    const primary = this.#primary
    if (primary === undefined || primary.client !== client) return
    // It was demoted, and would go on to answer reads.
    if (cause instanceof Error && cause.message.startsWith('READONLY')) this.leave()
    else if (!primary.kind.isReady(client)) this.#lookSoon()
  }

  /** Unless it is being looked for already, at a pace that grows with what was tried in vain. */
  #lookSoon(): void {
    if (this.#isLooking || this.#attempts > 0) return
    this.#attempts = 1
    this.#schedule(lookDelayMs(this.#attempts))
  }

  #schedule(delayMs: number): void {
    clearTimeout(this.#timer)
    if (this.#isEnded) return
    this.#timer = setTimeout(() => {
      this.#look()
        .catch(this.#log.note)
        .finally(() => {
          const isReady = this.#isConnected
          if (isReady) this.#watch.keep(this.#sentinels.addresses)
          this.#attempts = isReady ? 0 : this.#attempts + 1
          this.#schedule(isReady ? POLL_MS : lookDelayMs(this.#attempts))
        })
    }, delayMs)
    // What waits for the primary keeps the process alive by itself.
    this.#timer.unref()
  }

  async #look(limitMs = this.#settings.attemptTimeoutMs): Promise<void> {
    this.#isLooking = true
    try {
      const { candidates: named, voters } = await this.#sentinels.ask()
      const candidates = this.#succession.among(named)
      const primary = this.#primary
      const isReady = this.#isConnected
      const own = candidates.find(({ address }) => textOf(address) === primary?.name)
      // One Sentinel may lag behind, or be ahead; one that most have left is not it any more.
      if (isReady && own !== undefined && own.votes * 2 >= voters) return
      const rivals = isReady ? candidates.filter((other) => other !== own) : candidates
      const next = await this.#best(rivals, limitMs)
      if (next !== undefined) this.#follow(next)
    } finally {
      this.#isLooking = false
    }
  }

  #follow(next: ConnectedServer): void {
    // The failover may have begun while it was being reached.
    if (this.#isEnded || this.#succession.isDeposed(next.name)) return void next.kind.destroy(next.client)
    const former = this.#primary
    this.#primary = next
    this.#log.ready()
    if (former !== undefined) void former.kind.destroy(former.client)
  }

  /** Of the servers that are primaries, the one that most Sentinels name. */
  async #best(candidates: readonly Candidate[], aloneMs: number): Promise<ConnectedServer | undefined> {
    const limitMs = candidates.length > 1 ? RIVAL_MS : aloneMs
    const reached = await Promise.all(candidates.map((candidate) => this.#reach(candidate, limitMs)))
    const [best, ...others] = reached.filter((primary) => primary !== undefined)
    for (const { kind, client } of others) void kind.destroy(client)
    return best
  }

  async #reach(candidate: Candidate, limitMs: number): Promise<ConnectedServer | undefined> {
    const name = textOf(candidate.address)
    const known = this.#succession.take(name)
    const reached = known ?? this.#make(candidate.address)
    const { kind, client } = reached
    try {
      const role = (known === undefined ? kind.open(client) : Promise.resolve()).then(() => roleOf(reached))
      switch (await withDeadline(role, limitMs, undefined, `no answer from ${name}`)) {
        case 'primary':
          return reached
        case 'unknown':
          // Taken on trust, if somebody vouches for it.
          if (candidate.votes > 0) return reached
          throw new Error('it may not be asked for its role')
        case 'replica':
          // Sentinels go on to name a primary that was demoted, for a moment.
          if (this.#isEnded || !this.#succession.keep(reached)) throw new Error('it is a replica')
          return undefined
      }
    } catch (cause) {
      this.#log.note(cause)
      void kind.destroy(client)
      return undefined
    }
  }

  #make(address: RedisAddress): ConnectedServer {
    const { addressMap, ...settings } = this.#settings
    const name = textOf(address)
    const kind = this.#standalone({ ...settings, ...(addressMap?.[name] ?? address) })
    // A log of its own, which never says "connected": this client is to end with its connection.
    return { kind, client: kind.create(new ConnectionLog(this.#log)), name }
  }
}

/** Sentinels are asked over connections that stand, so that is cheap: what is waited for comes as soon as they know. */
function lookDelayMs(attempt: number): number {
  return Math.min(reconnectDelayMs(attempt), 80)
}

async function roleOf({ kind, client }: ConnectedServer): Promise<'primary' | 'replica' | 'unknown'> {
  const reply = await kind.send(client, NO_KEY, ['INFO', 'replication']).catch((cause: unknown) => {
    if (cause instanceof Error && cause.message.startsWith('NOPERM')) return null
    throw cause
  })
  if (!(reply instanceof Uint8Array)) return 'unknown'
  return /^role:slave/m.test(Buffer.from(reply).toString()) ? 'replica' : 'primary'
}
