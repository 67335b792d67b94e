import { processTime } from '@cairnkit/core/driver'
import type { RedisCommand, RedisReply } from '../../redis-transport.js'
import { ConnectionLog } from '../failures/connection-log.js'
import type { SentinelSettings } from '../options/connection-plan.js'
import type { RedisAddress } from '../options/options.js'
import type { Channel } from '../sending/channel.js'
import { addressText } from './address-text.js'
import { type ConnectedServer, type MakeStandalone, answerWithin, roleOf } from './connected-server.js'
import type { SentinelEvent } from './sentinel-event.js'
import type { Candidate, PollResult } from './sentinel-poll.js'
import type { SentinelFollower, SentinelTracker } from './sentinel-tracker.js'

/** How long a server may take to show that it is the primary while another one may be. */
const RIVAL_MS = 300

/** How much longer than the last primary took the next one may take: a slow link is no failure. */
const PATIENCE = 3

/** An attempt to reach a server. */
interface Attempt {
  readonly server: ConnectedServer
  readonly end: AbortController
}

/**
 * Is connected to the primary that Sentinels name. Made of clients of single servers, which are left as soon as they are
 * lost: clients that follow Sentinels by themselves pause for a second between attempts, or end for good when a message
 * about a failover comes while they connect.
 *
 * A primary is left when its failover begins, and not when it has ended. In between two servers take writes, the replicas
 * of one acknowledge them, and they are lost when it is demoted.
 */
export class PrimaryFollower implements SentinelFollower {
  readonly #settings: SentinelSettings
  readonly #standalone: MakeStandalone
  readonly #tracker: SentinelTracker
  readonly #log: ConnectionLog
  #primary: ConnectedServer | undefined
  /** The replica that is being promoted: a connection that waits until it is the primary. */
  #promoted: ConnectedServer | undefined
  /** The servers that it connects to now, by name. */
  readonly #reaching = new Map<string, Attempt>()
  /** How long the last primary took to show that it is one. */
  #tookMs = 0
  #considering: Promise<void> | undefined
  #isEnded = false

  constructor(
    settings: SentinelSettings,
    standalone: MakeStandalone,
    tracker: SentinelTracker,
    log: ConnectionLog,
  ) {
    this.#settings = settings
    this.#standalone = standalone
    this.#tracker = tracker
    this.#log = log
  }

  get isConnected(): boolean {
    const primary = this.#primary
    return primary?.kind.isReady(primary.client) === true
  }

  /** The client of the primary that it uses now. */
  get connection(): object | undefined {
    return this.#primary?.client as object | undefined
  }

  get channels(): readonly Channel[] {
    const primary = this.#primary
    return primary === undefined ? [] : primary.kind.channels(primary.client)
  }

  /** How many bytes have come from the Sentinels, and from the servers that it connects to. */
  get receivedBytes(): number {
    const servers = [...this.#reaching.values()].map(({ server }) => server)
    return servers.reduce(
      (sum, { kind, client }) => sum + kind.receivedBytes(client),
      this.#tracker.receivedBytes,
    )
  }

  async open(): Promise<void> {
    this.#tracker.join(this)
    await this.consider(await this.#tracker.ask(), this.#tracker.patienceMs)
    if (!this.isConnected) throw new Error('none of the servers that the Sentinels name is a primary')
    this.#tracker.watch()
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

  /** There is no connection to the primary now: has the Sentinels asked for it. */
  seek(): void {
    this.#tracker.hurry()
  }

  /** The server hangs, or is not the primary any more: ends the connection and looks for another one. */
  leave(): void {
    const primary = this.#primary
    this.#primary = undefined
    if (primary !== undefined) void end(primary)
    this.seek()
  }

  async destroy(): Promise<void> {
    this.#isEnded = true
    const primary = this.#primary
    this.#primary = undefined
    this.#dropPromoted()
    for (const attempt of this.#reaching.values()) attempt.end.abort()
    await Promise.all([this.#tracker.part(this), primary && end(primary)])
  }

  noteAt(sentinel: string | undefined, cause: unknown): void {
    this.#log.noteAt(sentinel === undefined ? undefined : `the Sentinel ${sentinel}`, cause)
  }

  hear(event: SentinelEvent): void {
    const { failover } = this.#tracker
    this.#dropUnlessChosen()
    for (const [name, attempt] of this.#reaching) if (failover.isDeposed(name)) attempt.end.abort()
    const name = this.#primary?.name
    if (name === undefined) return
    if (failover.isDeposed(name)) this.leave()
    else if (event.type === 'switched' && addressText(event.from) === name) this.seek()
  }

  consider(result: PollResult, limitMs: number = this.#patienceMs): Promise<void> {
    this.#considering ??= this.#consider(result, limitMs).finally(() => {
      this.#considering = undefined
    })
    return this.#considering
  }

  async #consider({ candidates: named, voters }: PollResult, limitMs: number): Promise<void> {
    if (this.#isEnded) return
    this.#dropUnlessChosen()
    const candidates = this.#tracker.failover.among(named)
    const isConnected = this.isConnected
    const own = candidates.find(({ address }) => addressText(address) === this.#primary?.name)
    // One Sentinel may lag behind, or be ahead; a server that most have left is not the primary any more.
    if (isConnected && own !== undefined && own.votes * 2 >= voters) return
    const rivals = isConnected ? candidates.filter((other) => other !== own) : candidates
    const next = await this.#best(rivals, limitMs)
    if (next !== undefined) this.#follow(next)
  }

  #follow(next: ConnectedServer): void {
    // The failover may have begun while the server was being reached.
    if (this.#isEnded || this.#tracker.failover.isDeposed(next.name)) return void end(next)
    const former = this.#primary
    this.#primary = next
    this.#log.ready()
    if (former !== undefined) void end(former)
  }

  /** Of the servers that are primaries, the one that most Sentinels name. */
  async #best(candidates: readonly Candidate[], aloneMs: number): Promise<ConnectedServer | undefined> {
    const limitMs = candidates.length > 1 ? RIVAL_MS : aloneMs
    const reached = await Promise.all(candidates.map((candidate) => this.#reach(candidate, limitMs)))
    const [best, ...others] = reached.filter((primary) => primary !== undefined)
    for (const other of others) void end(other)
    return best
  }

  /** The connection to a candidate, if that is a primary. Never rejects. */
  async #reach(candidate: Candidate, limitMs: number): Promise<ConnectedServer | undefined> {
    const name = addressText(candidate.address)
    const waiting = this.#takePromoted(name)
    const server = waiting ?? this.#make(candidate.address)
    const attempt = new AbortController()
    this.#reaching.set(name, { server, end: attempt })
    const startedAt = processTime.now()
    try {
      const opened = waiting === undefined ? server.kind.open(server.client) : Promise.resolve()
      const role = opened.then(() => roleOf(server))
      const receivedBytes = (): number => server.kind.receivedBytes(server.client)
      switch (await answerWithin(role, name, limitMs, { signal: attempt.signal, receivedBytes })) {
        case 'primary':
          if (waiting === undefined) this.#tookMs = processTime.now() - startedAt
          return server
        case 'unknown':
          // Taken on trust, if somebody vouches for it.
          if (candidate.votes > 0) return server
          throw new Error('it may not be asked for its role')
        case 'replica':
          // Sentinels go on to name a primary that was demoted, for a moment.
          if (this.#isEnded || !this.#tracker.failover.isChosen(name)) throw new Error('it is a replica')
          this.#promoted = server
          return undefined
      }
    } catch (cause) {
      if (!attempt.signal.aborted) this.#noteOf(candidate.address, cause)
      void end(server)
      return undefined
    } finally {
      this.#reaching.delete(name)
    }
  }

  /** How long a server may take that has no rival. */
  get #patienceMs(): number {
    const { attemptTimeoutMs, connectTimeoutMs } = this.#settings
    return Math.min(Math.max(attemptTimeoutMs, Math.ceil(PATIENCE * this.#tookMs)), connectTimeoutMs)
  }

  #make(address: RedisAddress): ConnectedServer {
    const { addressMap: _map, ...settings } = this.#settings
    // How long it may take is for the attempt to say.
    const patient = { ...settings, attemptTimeoutMs: settings.connectTimeoutMs }
    const kind = this.#standalone({ ...patient, ...this.#locate(address) })
    // A log of its own, which never says "connected": this client is to end with its connection.
    const log = new ConnectionLog({ noteAt: (_at, cause) => this.#noteOf(address, cause) })
    return { kind, client: kind.create(log), name: addressText(address) }
  }

  /** Where a server that Sentinels name is found from here. */
  #locate(address: RedisAddress): RedisAddress {
    return this.#settings.addressMap?.[addressText(address)] ?? address
  }

  /** Notes what is wrong with a server that Sentinels name, with the address that was tried. */
  #noteOf(address: RedisAddress, cause: unknown): void {
    this.#log.noteAt(addressText(this.#locate(address)), cause, 'the Sentinels')
  }

  #takePromoted(name: string): ConnectedServer | undefined {
    const promoted = this.#promoted
    if (promoted?.name !== name) return undefined
    this.#promoted = undefined
    return promoted
  }

  #dropUnlessChosen(): void {
    if (this.#promoted !== undefined && !this.#tracker.failover.isChosen(this.#promoted.name))
      this.#dropPromoted()
  }

  #dropPromoted(): void {
    const promoted = this.#promoted
    this.#promoted = undefined
    if (promoted !== undefined) void end(promoted)
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
    else if (!primary.kind.isReady(client)) this.seek()
  }
}

async function end({ kind, client }: ConnectedServer): Promise<void> {
  await kind.destroy(client)
}
