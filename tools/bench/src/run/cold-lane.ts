import type { ColdRead, ColdThread } from '../child/cold-read.js'
import type { MetricName } from '../results/metrics.js'
import type { Row } from '../results/report.js'
import { type Spread, median, spreadOf } from '../results/statistics.js'
import { type Contender, hasServer } from '../savers/contender.js'
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
const SERVER_TIMES = 5

/** What one new process measured. */
export interface ColdSample {
  readonly first: ColdRead
  readonly again: readonly number[]
}

/** One saver that opens a long thread, each time in a new process. */
export class ColdLane {
  readonly #context: BenchContext
  readonly #contender: Contender
  readonly #request: ColdThread
  readonly #reads: ColdSample[] = []
  readonly #serverTimes: number[] = []
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
      if (server === undefined) return
      for (let at = 0; at < SERVER_TIMES; at++) {
        await child.call('coldOpen', this.#request)
        this.#serverTimes.push(await server.serverTimeDuring(async () => await child.call('coldFirst')))
        await child.call('coldClose')
      }
    })
  }

  async sample(): Promise<void> {
    this.#step('a new process')
    await this.#attempt(async () => {
      await using child = await ChildHandle.start(this.#context.plan.code)
      await child.call('coldOpen', this.#request)
      const first = await child.call('coldFirst')
      const again = await child.call('coldAgain')
      await child.call('coldClose')
      this.#reads.push({ first, again })
    })
  }

  row(plain: readonly ColdSample[]): Row {
    const named = { saver: this.#contender.id, title: this.#contender.title }
    if (this.#out !== undefined) return { ...named, ...this.#out }
    const figures = { ...coldFigures(this.#reads, hasServer(this.#contender)), ...ratios(this.#reads, plain) }
    const serverTime = this.#serverTimes.length === 0 ? {} : { serverTime: spreadOf(this.#serverTimes) }
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

export function coldFigures(samples: readonly ColdSample[], network: boolean): ColdFigures {
  const firsts = samples.map(({ first }) => first)
  const times = {
    firstRead: spreadOf(firsts.map(({ ms }) => ms)),
    laterRead: spreadOf(samples.map(({ again }) => median(again))),
  }
  if (!network) return times
  return {
    ...times,
    readBytes: spreadOf(firsts.map(({ bytesReceived }) => bytesReceived)),
    readTrips: spreadOf(firsts.map(({ trips }) => trips)),
  }
}

function ratios(samples: readonly ColdSample[], plain: readonly ColdSample[]): ColdFigures {
  if (plain.length === 0) return {}
  const over = (pick: (sample: ColdSample) => number): Spread => {
    const ofPlain = median(plain.map(pick))
    return spreadOf(samples.map((sample) => pick(sample) / ofPlain))
  }
  return { toGet: over(({ first }) => first.ms), laterToGet: over(({ again }) => median(again)) }
}
