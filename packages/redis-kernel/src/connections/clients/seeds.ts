import { setTimeout as delay } from 'node:timers/promises'
import { DriverFault } from '@cairnkit/core/driver'
import type { RedisReply } from '../../redis-transport.js'
import { ConnectionLog } from '../failures/connection-log.js'
import type { ClusterSettings, StandaloneSettings } from '../options/connection-plan.js'
import type { RedisAddress } from '../options/options.js'
import { addressList } from './connecting.js'
import type { SingleServerClient } from './single-server.js'

/** How long one seed is asked alone before the next one is asked, too. */
const HEAD_START_MS = 250

/** How much longer than the first answer took any later one may take, before its server counts as silent. */
const PATIENCE = 3

const NO_KEY = new Uint8Array()

/** A seed that is being asked. */
interface Asked {
  readonly destroy: () => Promise<void>
  readonly receivedBytes: () => number
}

/**
 * The nodes of a Cluster that the options name. Client libraries ask one after the other and wait for each of them. So the nodes
 * are raced here, and the client is made with the first that answers. Once the client is connected, it gets all nodes.
 */
export class Seeds<Root> {
  /** What the client is made with: the same array at all times. */
  readonly roots: Root[] = []
  readonly #settings: ClusterSettings
  readonly #standalone: (settings: StandaloneSettings) => SingleServerClient<unknown>
  readonly #log: ConnectionLog
  readonly #toRoot: (address: RedisAddress, patienceMs: number) => Root
  readonly #ended = new AbortController()
  readonly #asked = new Set<Asked>()
  /** What has come from those that are not asked any more. */
  #receivedBefore = 0
  #first: RedisAddress | undefined
  #patienceMs: number

  constructor(
    settings: ClusterSettings,
    standalone: (settings: StandaloneSettings) => SingleServerClient<unknown>,
    log: ConnectionLog,
    toRoot: (address: RedisAddress, patienceMs: number) => Root,
  ) {
    this.#settings = settings
    this.#standalone = standalone
    this.#log = log
    this.#toRoot = toRoot
    this.#patienceMs = settings.attemptTimeoutMs
  }

  /** How long one node may take to answer: more than the first one did, so that a slow link is no failure. */
  get patienceMs(): number {
    return this.#patienceMs
  }

  /** Where an announced address leads from here. Some clusters announce ports alone: the host is the one that was asked. */
  locate(announced: string): RedisAddress | undefined {
    const mapped = this.#settings.addressMap?.[announced]
    const port = /^(?:null)?:(\d+)$/.exec(announced)?.[1]
    if (mapped !== undefined || port === undefined || this.#first === undefined) return mapped
    return { host: this.#first.host, port: Number(port) }
  }

  /** How many bytes have come from those that were asked. */
  get receivedBytes(): number {
    return [...this.#asked].reduce((sum, { receivedBytes }) => sum + receivedBytes(), this.#receivedBefore)
  }

  /** Finds one that answers. Rejects when none does; the log knows why. */
  async race(): Promise<void> {
    const { attemptTimeoutMs, connectTimeoutMs } = this.#settings
    const startedAt = performance.now()
    try {
      const first = await this.#firstToAnswer()
      const tookMs = performance.now() - startedAt
      // A call that had time may have waited for longer than that.
      const mostMs = Math.max(connectTimeoutMs, 2 * tookMs)
      this.#patienceMs = Math.ceil(Math.min(Math.max(attemptTimeoutMs, PATIENCE * tookMs), mostMs))
      this.#first = first
      this.roots.splice(0, this.roots.length, this.#toRoot(first, connectTimeoutMs))
    } finally {
      this.#receivedBefore = this.receivedBytes
      for (const { destroy } of this.#asked) void destroy()
      this.#asked.clear()
    }
  }

  /** From now on whichever answers is to be asked. */
  useAll(): void {
    const all = this.#settings.nodes.map((node) => this.#toRoot(node, this.#patienceMs))
    this.roots.splice(0, this.roots.length, ...all)
  }

  /** Never rejects. */
  async end(): Promise<void> {
    this.#ended.abort()
    await Promise.all([...this.#asked].map(({ destroy }) => destroy()))
  }

  async #firstToAnswer(): Promise<RedisAddress> {
    // Processes that start together do not all ask the same node.
    const waiting = this.#settings.nodes.toSorted(() => Math.random() - 0.5)
    const running = new Set<Promise<void>>()
    let winner: RedisAddress | undefined
    while (winner === undefined) {
      const next = waiting.shift()
      if (this.#ended.signal.aborted) throw new Error('it was closed')
      if (next === undefined && running.size === 0) throw new Error('none of these nodes is available')
      if (next !== undefined) {
        const asking = this.#ask(next).then(
          () => void (winner ??= next),
          () => undefined,
        )
        running.add(asking)
        void asking.finally(() => running.delete(asking))
      }
      const pause = waiting.length === 0 ? [] : [delay(HEAD_START_MS, undefined, { ref: false })]
      await Promise.race([...running, ...pause])
    }
    return winner
  }

  async #ask(address: RedisAddress): Promise<void> {
    const { nodes: _nodes, addressMap: _map, ...settings } = this.#settings
    const name = addressList([address])
    const kind = this.#standalone({ ...settings, ...address, attemptTimeoutMs: settings.connectTimeoutMs })
    const log = new ConnectionLog(this.#log, { address: name })
    const client = kind.create(log)
    this.#asked.add({
      destroy: () => kind.destroy(client),
      receivedBytes: () => kind.receivedBytes(client),
    })
    try {
      await kind.open(client)
      assertUsable(await kind.send(client, NO_KEY, ['CLUSTER', 'SLOTS']))
    } catch (cause) {
      if (!this.#ended.signal.aborted) log.note(cause)
      throw cause
    }
  }
}

/** Throws for slots that nobody can be found by. */
function assertUsable(slots: RedisReply): void {
  if (!Array.isArray(slots) || slots.length === 0)
    throw new Error('it serves no slots, and knows no node that does')
  for (const range of slots as readonly RedisReply[]) {
    const [host] = (Array.isArray(range) ? (range[2] as readonly RedisReply[] | undefined) : undefined) ?? []
    if (!(host instanceof Uint8Array) || Buffer.from(host).toString() !== '?') continue
    throw new DriverFault(
      { code: 'unsupported', disposition: 'permanent' },
      'it announces "?" in the place of a host: set cluster-announce-hostname on every node of the cluster, or cluster-preferred-endpoint-type to ip',
    )
  }
}
