import type { FaultKind } from '../faults/index.js'
import type { ClientName, SaverSettings, TopologyName } from '../settings.js'

/** What is done on one topology. */
export interface CellPlan {
  readonly topology: TopologyName
  readonly clients: readonly ClientName[]
  readonly saver: SaverSettings
  readonly faults: readonly FaultKind[]
  /** Of faults; `undefined`: each fault once. */
  readonly minutes: number | undefined
  readonly seed: number
  /** Threads written to at a time, in each process. */
  readonly writers: number
  readonly network: 'namespaces' | 'proxy'
}
