import type { RunAnswer } from '../child/protocol.js'
import type { Row } from '../results/report.js'
import { medianSeries } from '../results/statistics.js'
import { type Contender, hasServer } from '../savers/contender.js'
import type { Workload } from '../workloads/workload.js'
import type { BenchContext } from './context.js'
import { type Sample, type Survey, figuresOf } from './figures.js'
import { whyNotApplicable } from './plan.js'
import type { RedisServer } from './redis-server.js'
import { untilSteady } from './until-steady.js'

/** One saver on one workload, round by round. After its first failure it only says why. */
export class Lane {
  readonly id: string
  readonly #context: BenchContext
  readonly #workload: Workload
  readonly #contender: Contender
  readonly #turns: number
  readonly #samples: Sample[] = []
  #survey: Survey | undefined
  #out: { readonly status: 'missing' | 'failed'; readonly reason: string } | undefined

  constructor(context: BenchContext, workload: Workload, contender: Contender, turns: number) {
    this.id = contender.id
    this.#context = context
    this.#workload = workload
    this.#contender = contender
    this.#turns = turns
    const reason = context.services.whyMissing(contender) ?? whyNotApplicable(workload, contender)
    if (reason !== undefined) this.#out = { status: 'missing', reason }
  }

  get survey(): Survey | undefined {
    return this.#survey
  }

  get lastSample(): Sample | undefined {
    return this.#out === undefined ? this.#samples.at(-1) : undefined
  }

  /** Warms the process up, and counts what may not be counted while the clock runs. */
  async warmUp(): Promise<void> {
    this.#context.step(`${this.#workload.id}: ${this.#contender.title}, warm-up`)
    const { warmUpTurns } = this.#workload
    const wanted = this.#context.plan.quick ? Math.ceil(warmUpTurns / 2) : warmUpTurns
    const turns = Math.min(wanted, this.#turns)
    let warmUpMs = 0
    await this.#attempt('warm-up', turns, true, async (run, server) => {
      let calls: RunAnswer['calls']
      const work = async (): Promise<void> => {
        const answer = await run()
        calls = answer.calls
        warmUpMs = answer.cost.wallMs
      }
      const commands = server === undefined ? (await work(), undefined) : await server.commandsDuring(work)
      this.#survey = { turns, calls, commands }
    })
    const { most, maxMs } = this.#settling
    const expectedMs = (warmUpMs / turns) * this.#turns
    await untilSteady({ most, maxMs, expectedMs }, async (round) => await this.#settle(`settle-${round}`))
  }

  async round(number: number): Promise<void> {
    this.#context.step(`${this.#workload.id}: ${this.#contender.title}, round ${number + 1}`)
    if (this.#workload.process === 'new') await this.#context.children.replace(this.id)
    const { each } = this.#settling
    for (let at = 0; at < each; at++) await this.#settle(`before-${number}-${at}`)
    await this.#attempt(`round-${number}`, this.#turns, false, async (run, server, verify) => {
      const before = await server?.usedMemory()
      const { cost } = await run()
      const after = await server?.usedMemory()
      const onServer = await server?.storedBytes()
      const { storedBytes } = await verify()
      const usedMemory = before === undefined || after === undefined ? undefined : after - before
      this.#samples.push({ cost, storedBytes: onServer ?? storedBytes, usedMemory })
    })
  }

  row(): Row {
    const named = { saver: this.#contender.id, title: this.#contender.title }
    if (this.#out !== undefined) return { ...named, ...this.#out }
    const { grows } = this.#workload
    const network = hasServer(this.#contender)
    const figures = figuresOf(this.#samples, this.#survey, { turns: this.#turns, grows, network })
    const series = grows ? medianSeries(this.#samples.map(({ cost }) => cost.latenciesMs)) : []
    return { ...named, status: 'measured', figures, series }
  }

  get #settling(): { readonly most: number; readonly each: number; readonly maxMs: number } {
    const { most = 0, each = 0, quickMs = 0 } = this.#workload.settling ?? {}
    return this.#context.plan.quick
      ? { most, each: 0, maxMs: quickMs }
      : { most, each, maxMs: Number.POSITIVE_INFINITY }
  }

  /** An untimed round; how long it took all the same. */
  async #settle(name: string): Promise<number> {
    let wallMs = Number.POSITIVE_INFINITY
    await this.#attempt(name, this.#turns, false, async (run) => {
      wallMs = (await run()).cost.wallMs
    })
    return wallMs
  }

  async #attempt(
    name: string,
    turns: number,
    countCalls: boolean,
    work: (
      run: () => Promise<RunAnswer>,
      server: RedisServer | undefined,
      verify: () => Promise<{ readonly storedBytes: number | undefined }>,
    ) => Promise<void>,
  ): Promise<void> {
    if (this.#out !== undefined) return
    const { services, children, plan } = this.#context
    const { id, redis } = this.#contender
    const server = redis === undefined ? undefined : services.servers.get(redis)
    try {
      await server?.clear()
      const child = await children.of(id)
      const thread = `${this.#workload.id}-${id}-${name}`
      const places = services.places
      const request = { workload: this.#workload.id, contender: id, places, thread, turns, countCalls }
      await child.call('prepare', { ...request, seed: plan.seed })
      const run = async (): Promise<RunAnswer> => await child.call('run')
      await work(run, server, async () => await child.call('verify'))
      await child.call('close')
    } catch (error) {
      this.#out = { status: 'failed', reason: error instanceof Error ? error.message : String(error) }
      await children.replace(id)
    }
  }
}
