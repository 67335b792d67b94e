import type { ColdRead, ColdThread } from '../child/cold-read.js'
import type { MetricName } from '../results/metrics.js'
import type { Row } from '../results/report.js'
import { type Spread, median, spreadOf } from '../results/statistics.js'
import type { Contender } from '../savers/contender.js'
import { ChildHandle } from './child-handle.js'
import type { BenchContext } from './context.js'

type Out = { readonly status: 'missing' | 'failed'; readonly reason: string }

/** What all lanes of a cold open share. */
export interface ColdSettings {
  readonly id: string
  readonly messages: number
  readonly turnsPerUpdate: number
}

const LATER_READS = 5

/** One saver that opens a long thread, each time in a new process. */
export class ColdLane {
  readonly #context: BenchContext
  readonly #contender: Contender
  readonly #request: ColdThread
  readonly #reads: ColdRead[] = []
  #serverTime: number | undefined
  #out: Out | undefined

  constructor(
    context: BenchContext,
    contender: Contender,
    settings: ColdSettings,
    plainUrl: string | undefined,
  ) {
    this.#context = context
    this.#contender = contender
    this.#request = {
      contender: contender.id,
      places: context.services.places,
      thread: `${settings.id}-${contender.id}`,
      seed: context.plan.seed,
      messages: settings.messages,
      turnsPerUpdate: settings.turnsPerUpdate,
      laterReads: LATER_READS,
      plainUrl,
    }
    const reason = context.services.whyMissing(contender)
    if (reason !== undefined) this.#out = { status: 'missing', reason }
  }

  /** What `coldGet` needs to read the plain state that this lane stored; undefined when it could not. */
  get request(): ColdThread | undefined {
    return this.#out === undefined ? this.#request : undefined
  }

  async grow(): Promise<void> {
    this.#step('grows the thread')
    await this.#attempt(async () => {
      const child = await this.#context.children.of(this.#contender.id)
      await child.call('grow', this.#request)
      const { redis } = this.#contender
      const server = redis === undefined ? undefined : this.#context.services.servers.get(redis)
      this.#serverTime = await server?.serverTimeDuring(
        async () => await child.call('coldRead', { ...this.#request, laterReads: 0 }),
      )
    })
  }

  async sample(): Promise<void> {
    this.#step('a new process')
    await this.#attempt(async () => {
      await using child = await ChildHandle.start()
      this.#reads.push(await child.call('coldRead', this.#request))
    })
  }

  row(plain: readonly ColdRead[]): Row {
    const named = { saver: this.#contender.id, title: this.#contender.title }
    if (this.#out !== undefined) return { ...named, ...this.#out }
    const figures = { ...coldFigures(this.#reads), ...ratios(this.#reads, plain) }
    const serverTime = this.#serverTime === undefined ? {} : { serverTime: spreadOf([this.#serverTime]) }
    return { ...named, status: 'measured', figures: { ...figures, ...serverTime }, series: [] }
  }

  #step(what: string): void {
    this.#context.step(`${this.#request.thread}: ${what}`)
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    if (this.#out !== undefined) return
    try {
      await work()
    } catch (error) {
      this.#out = { status: 'failed', reason: error instanceof Error ? error.message : String(error) }
      await this.#context.children.replace(this.#contender.id)
    }
  }
}

type ColdFigures = Partial<Record<MetricName, Spread>>

export function coldFigures(reads: readonly ColdRead[]): ColdFigures {
  return {
    firstRead: spreadOf(reads.map(({ firstMs }) => firstMs)),
    laterRead: spreadOf(reads.map(({ laterMs }) => median(laterMs))),
    readBytes: spreadOf(reads.map(({ bytesReceived }) => bytesReceived)),
  }
}

function ratios(reads: readonly ColdRead[], plain: readonly ColdRead[]): ColdFigures {
  if (plain.length === 0) return {}
  const over = (pick: (read: ColdRead) => number): Spread => {
    const ofPlain = median(plain.map(pick))
    return spreadOf(reads.map((read) => pick(read) / ofPlain))
  }
  return { toGet: over(({ firstMs }) => firstMs), laterToGet: over(({ laterMs }) => median(laterMs)) }
}
