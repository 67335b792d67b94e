import { contenderOf } from '../savers/index.js'
import type { OpenedContender } from '../savers/contender.js'
import { workloadOf } from '../workloads/index.js'
import type { PreparedWorkload } from '../workloads/workload.js'
import { collectYoung } from './collect-young.js'
import { type CallCounts, countCalls } from './count-calls.js'
import { Meter } from './meter.js'
import type { Finished, RunAnswer, TurnRequest } from './protocol.js'

/** One run: of a workload with a saver, or of the ceiling. */
export interface Session {
  run(): Promise<RunAnswer>
  verify(): Promise<Finished>
  close(): Promise<void>
}

export class WorkloadSession implements Session {
  readonly #opened: OpenedContender
  readonly #prepared: PreparedWorkload
  readonly #calls: (() => CallCounts) | undefined

  static async open(request: TurnRequest): Promise<WorkloadSession> {
    const contender = contenderOf(request.contender)
    const { thread, seed, turns } = request
    const opened = await contender.open(request.places, 'empty')
    try {
      const context = { saver: opened.saver, thread, seed, turns, history: contender.history }
      const prepared = await workloadOf(request.workload).prepare(context)
      const calls = request.countCalls ? countCalls(opened.saver) : undefined
      return new WorkloadSession(opened, prepared, calls)
    } catch (error) {
      await opened.close()
      throw error
    }
  }

  private constructor(
    opened: OpenedContender,
    prepared: PreparedWorkload,
    calls: (() => CallCounts) | undefined,
  ) {
    this.#opened = opened
    this.#prepared = prepared
    this.#calls = calls
  }

  async run(): Promise<RunAnswer> {
    collectYoung()
    const meter = new Meter()
    await this.#prepared.run(meter)
    return { cost: meter.cost(), calls: this.#calls?.() }
  }

  async verify(): Promise<Finished> {
    const reopened = await this.#opened.reopen()
    await this.#prepared.verify(reopened)
    return { storedBytes: await this.#opened.storedBytes?.() }
  }

  async close(): Promise<void> {
    await this.#opened.close()
  }
}
