import type { FaultKind } from '../faults/index.js'

/** A fault that was injected; times in milliseconds since 1970. */
export interface FaultRecord {
  readonly kind: FaultKind
  readonly target: string
  readonly startedAt: number
  /** When the topology was whole again. */
  readonly healedAt: number
  /** When every writer had something acknowledged after that. */
  readonly backAt: number
  /** Whether Redis may have lost what it acknowledged. */
  readonly mayLose: boolean
}
