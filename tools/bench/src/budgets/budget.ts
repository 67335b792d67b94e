import type { Unit } from '../results/metrics.js'
import type { View } from './view.js'

/** What must hold, and how it is read from the figures of one run. */
export interface Budget {
  readonly what: string
  /** Where it is written. */
  readonly source: string
  readonly bound: Bound
  readonly savers: readonly string[]
  /** The workload whose failure is a missed budget. */
  readonly workload: string
  /** `undefined` when this run did not measure it. */
  readonly measure: (view: View, saver: string) => number | undefined
}

export interface Bound {
  readonly kind: 'at most' | 'at least' | 'below'
  readonly value: number
  readonly unit: Unit
  /** What is said behind it. */
  readonly note?: string
}

export function holds({ kind, value }: Bound, measured: number): boolean {
  switch (kind) {
    case 'at most':
      return measured <= value
    case 'at least':
      return measured >= value
    case 'below':
      return measured < value
  }
}
