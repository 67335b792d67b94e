import type { Stopwatch } from '../workloads/workload.js'
import { socketTotals } from './socket-meter.js'

/** What one run cost the process that ran it. */
export interface RunCost {
  /** Turn by turn, in the order in which they ended. */
  readonly latenciesMs: readonly number[]
  readonly wallMs: number
  readonly cpuMs: number
  readonly bytesSent: number
  readonly bytesReceived: number
  readonly trips: number
}

/** What a process has used up so far. */
interface Used {
  readonly wallMs: number
  readonly cpuMs: number
  readonly bytesSent: number
  readonly bytesReceived: number
  readonly trips: number
}

const NOTHING: Used = { wallMs: 0, cpuMs: 0, bytesSent: 0, bytesReceived: 0, trips: 0 }

/** Measures one run from the moment it is made. */
export class Meter implements Stopwatch {
  readonly #latenciesMs: number[] = []
  #aside = NOTHING
  readonly #begin = usedNow()

  async time<T>(work: () => Promise<T>): Promise<T> {
    const begin = performance.now()
    const result = await work()
    this.#latenciesMs.push(performance.now() - begin)
    return result
  }

  async aside<T>(work: () => Promise<T>): Promise<T> {
    const before = usedNow()
    const result = await work()
    this.#aside = plus(this.#aside, plus(usedNow(), before, -1))
    return result
  }

  cost(): RunCost {
    const used = plus(plus(usedNow(), this.#begin, -1), this.#aside, -1)
    return { latenciesMs: this.#latenciesMs, ...used }
  }
}

function usedNow(): Used {
  const { user, system } = process.cpuUsage()
  const { sent, received, trips } = socketTotals()
  return {
    wallMs: performance.now(),
    cpuMs: (user + system) / 1000,
    bytesSent: sent,
    bytesReceived: received,
    trips,
  }
}

function plus(a: Used, b: Used, times = 1): Used {
  return {
    wallMs: a.wallMs + times * b.wallMs,
    cpuMs: a.cpuMs + times * b.cpuMs,
    bytesSent: a.bytesSent + times * b.bytesSent,
    bytesReceived: a.bytesReceived + times * b.bytesReceived,
    trips: a.trips + times * b.trips,
  }
}
