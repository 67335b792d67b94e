import type { MetricName } from '../results/metrics.js'
import type { WorkloadResult } from '../results/report.js'

/** The figures of a run, by workload, saver and metric. */
export class View {
  readonly #results: readonly WorkloadResult[]

  constructor(results: readonly WorkloadResult[]) {
    this.#results = results
  }

  /** The median of the rounds. */
  figure(workload: string, saver: string, metric: MetricName): number | undefined {
    const row = this.#row(workload, saver)
    return row?.status === 'measured' ? row.figures[metric]?.median : undefined
  }

  /** The least of the rounds: what others on the machine cost is only ever added. */
  least(workload: string, saver: string, metric: MetricName): number | undefined {
    const row = this.#row(workload, saver)
    return row?.status === 'measured' ? row.figures[metric]?.min : undefined
  }

  /** Whether a saver did not do what the workload asks. */
  failed(workload: string, saver: string): boolean {
    return this.#row(workload, saver)?.status === 'failed'
  }

  #row(workload: string, saver: string) {
    return this.#results.find(({ id }) => id === workload)?.rows.find((row) => row.saver === saver)
  }
}
