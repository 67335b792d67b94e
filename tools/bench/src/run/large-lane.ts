import type { LargeRequest } from '../child/large-value.js'
import type { MetricName } from '../results/metrics.js'
import type { Row } from '../results/report.js'
import { type Spread, median, spreadOf } from '../results/statistics.js'
import type { Contender } from '../savers/contender.js'
import type { ChildHandle } from './child-handle.js'
import type { BenchContext } from './context.js'
import type { Hold, RedisServer } from './redis-server.js'

export interface LargeSettings {
  readonly id: string
  readonly bytes: number
}

/** What one text took, in milliseconds. */
interface LargeSample {
  readonly putMs: number
  readonly getMs: number
}

/** One SET and one GET. */
const BARE = { id: 'bare-set-get', title: 'bare ioredis, one SET and one GET' }

/** The process of the bare client. */
const BARE_CHILD = 'bare-client'

/** One saver, or the bare client, that stores and reads a large text. After its first failure it only says why. */
export class LargeLane {
  readonly #context: BenchContext
  readonly #contender: Contender | undefined
  readonly #request: LargeRequest
  readonly #samples: LargeSample[] = []
  readonly #holds: { readonly put: Hold; readonly get: Hold }[] = []
  #out: { readonly status: 'missing' | 'failed'; readonly reason: string } | undefined

  /** `contender` of `undefined`: the bare client. */
  constructor(context: BenchContext, contender: Contender | undefined, settings: LargeSettings) {
    const { services, plan } = context
    this.#context = context
    this.#contender = contender
    this.#request = {
      contender: contender?.id,
      places: services.places,
      thread: `${settings.id}-${contender?.id ?? BARE.id}`,
      seed: plan.seed,
      bytes: settings.bytes,
    }
    const noRedis = services.servers.has('redis') ? undefined : 'there is no Redis in this run'
    const reason = contender === undefined ? noRedis : services.whyMissing(contender)
    if (reason !== undefined) this.#out = { status: 'missing', reason }
  }

  get samples(): readonly LargeSample[] {
    return this.#samples
  }

  /** Opens it, and runs it once untimed. */
  async open(): Promise<void> {
    this.#step('warm-up')
    await this.#attempt(async (child) => {
      await child.call('largeOpen', this.#request)
      await this.#once(child)
    })
  }

  async sample(): Promise<void> {
    this.#step('a put and a cold get')
    await this.#attempt(async (child) => void this.#samples.push(await this.#once(child)))
  }

  /** Apart from what is timed: who asks a server for its log, and pings it, takes time from it. */
  async hold(): Promise<void> {
    this.#step('how long the server is held')
    await this.#attempt(async (child, server) => {
      if (server === undefined) return
      const put = await server.holdDuring(async () => await child.call('largePut'))
      await child.call('largeForget')
      const get = await server.holdDuring(async () => await child.call('largeGet'))
      this.#holds.push({ put, get })
    })
  }

  async close(): Promise<void> {
    await this.#attempt(async (child) => await child.call('largeClose'))
  }

  /** `bare`: what it is held against. */
  row(bare: readonly LargeSample[]): Row {
    const { id: saver, title } = this.#contender ?? BARE
    if (this.#out !== undefined) return { saver, title, ...this.#out }
    const figures = { ...timesOf(this.#samples, bare), ...holdsOf(this.#holds) }
    return { saver, title, status: 'measured', figures, series: [] }
  }

  async #once(child: ChildHandle): Promise<LargeSample> {
    const putMs = await child.call('largePut')
    await child.call('largeForget')
    return { putMs, getMs: await child.call('largeGet') }
  }

  #step(what: string): void {
    this.#context.step(`${this.#request.thread}: ${what}`)
  }

  async #attempt(
    work: (child: ChildHandle, server: RedisServer | undefined) => Promise<void>,
  ): Promise<void> {
    if (this.#out !== undefined) return
    const { services, children } = this.#context
    const place = this.#contender === undefined ? 'redis' : this.#contender.redis
    const server = place === undefined ? undefined : services.servers.get(place)
    const owner = this.#contender?.id ?? BARE_CHILD
    try {
      await server?.clear()
      await work(await children.of(owner), server)
    } catch (error) {
      this.#out = { status: 'failed', reason: error instanceof Error ? error.message : String(error) }
      await children.replace(owner)
    }
  }
}

type LargeFigures = Partial<Record<MetricName, Spread>>

function timesOf(samples: readonly LargeSample[], bare: readonly LargeSample[]): LargeFigures {
  const put = samples.map(({ putMs }) => putMs)
  const get = samples.map(({ getMs }) => getMs)
  const times = { putTime: spreadOf(put), getTime: spreadOf(get) }
  if (bare.length === 0) return times
  const over = (values: readonly number[], ofBare: readonly number[]): Spread =>
    spreadOf(values.map((value) => value / median(ofBare)))
  return {
    ...times,
    putToSet: over(
      put,
      bare.map(({ putMs }) => putMs),
    ),
    getToGet: over(
      get,
      bare.map(({ getMs }) => getMs),
    ),
  }
}

function holdsOf(holds: readonly { readonly put: Hold; readonly get: Hold }[]): LargeFigures {
  if (holds.length === 0) return {}
  const over = (pick: (hold: { readonly put: Hold; readonly get: Hold }) => number): Spread =>
    spreadOf(holds.map(pick))
  return {
    putCommand: over(({ put }) => put.commandMs),
    getCommand: over(({ get }) => get.commandMs),
    putPing: over(({ put }) => put.pingMs),
    getPing: over(({ get }) => get.pingMs),
  }
}
