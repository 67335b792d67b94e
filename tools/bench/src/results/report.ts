import type { Machine } from './machine.js'
import type { MetricName } from './metrics.js'
import type { Spread } from './statistics.js'

export type Figures = Readonly<Partial<Record<MetricName, Spread>>>

/** What one saver did on one workload. */
export type Row =
  | {
      readonly saver: string
      readonly title: string
      readonly status: 'measured'
      readonly figures: Figures
      /** The median latency of every turn, in milliseconds; empty where turns overlap. */
      readonly series: readonly number[]
    }
  | {
      readonly saver: string
      readonly title: string
      /** `missing`: it cannot run here. `failed`: it did not do what it should, or lost data. */
      readonly status: 'missing' | 'failed'
      readonly reason: string
    }

export type MeasuredRow = Extract<Row, { readonly status: 'measured' }>

export interface WorkloadResult {
  readonly id: string
  readonly title: string
  readonly unit: 'turn' | 'read' | 'call'
  readonly turns: number
  readonly rows: readonly Row[]
}

export type Verdict = 'met' | 'MISSED' | 'not measured'

export interface JudgedBudget {
  readonly what: string
  /** Where the budget stands: `DESIGN 7`, `issue 3`. */
  readonly source: string
  readonly limit: string
  /** One line per saver that it is judged for. */
  readonly judged: readonly { readonly of: string; readonly measured: string; readonly verdict: Verdict }[]
}

/** All that a run of the bench found; this is what `--json` writes. */
export interface Report {
  readonly format: 1
  readonly startedAt: string
  readonly seconds: number
  readonly quick: boolean
  readonly rounds: number
  readonly seed: number
  readonly machine: Machine
  readonly workloads: readonly WorkloadResult[]
  readonly budgets: readonly JudgedBudget[]
}
