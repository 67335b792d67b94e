import type { Lab, LabNode } from '@cairnkit/redis-lab'
import type { Network } from '../network/network.js'
import type { TopologyName } from '../settings.js'

export const faultKinds = [
  'kill',
  'restart',
  'empty',
  'freeze',
  'stall',
  'failover',
  'migrate',
  'flush',
  'disconnect',
  'cut',
] as const
export type FaultKind = (typeof faultKinds)[number]

export interface FaultContext {
  readonly lab: Lab
  readonly network: Network
  readonly random: () => number
  /** Threads that are written to now. */
  readonly threads: () => readonly string[]
}

/** What a run asks of Redis: it decides what Redis may lose. */
export interface Bargain {
  readonly topology: TopologyName
  /** How many replicas acknowledge a write. */
  readonly replicas: number
  /** How many each primary has. */
  readonly replicaCount: number
}

/** What servers that are away, or that hand over, may lead to. */
export const outageCodes: readonly string[] = ['unavailable', 'timeout', 'read-only', 'replication']

/** Something that is done to servers, and undone again. */
export interface Fault {
  readonly title: string
  readonly topologies: readonly TopologyName[]
  /** Whether it is done unless `--faults` says otherwise. */
  readonly byDefault: boolean
  /**
   * Whether Redis itself may lose what it acknowledged: then a loss is measured, otherwise it breaks the run.
   */
  mayLose(settings: Bargain): boolean
  /** The codes of errors that an application may see meanwhile; any other one breaks the run. */
  readonly rightCodes: readonly string[]
  /** Resolves, with what was hit, when all was undone; the topology may need a moment to be whole again. */
  inject(context: FaultContext): Promise<string>
}

export function namesOf(nodes: readonly LabNode[]): string {
  return nodes.map(({ name }) => name).join(', ')
}
