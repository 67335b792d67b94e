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

/** Measures one run from the moment it is made. */
export class Meter implements Stopwatch {
  readonly #latenciesMs: number[] = []
  readonly #cpu = process.cpuUsage()
  readonly #sockets = socketTotals()
  readonly #begin = performance.now()

  async time<T>(work: () => Promise<T>): Promise<T> {
    const begin = performance.now()
    const result = await work()
    this.#latenciesMs.push(performance.now() - begin)
    return result
  }

  cost(): RunCost {
    const wallMs = performance.now() - this.#begin
    const { user, system } = process.cpuUsage(this.#cpu)
    const { sent, received, trips } = socketTotals()
    return {
      latenciesMs: this.#latenciesMs,
      wallMs,
      cpuMs: (user + system) / 1000,
      bytesSent: sent - this.#sockets.sent,
      bytesReceived: received - this.#sockets.received,
      trips: trips - this.#sockets.trips,
    }
  }
}
