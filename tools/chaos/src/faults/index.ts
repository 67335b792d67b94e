import type { TopologyName } from '../settings.js'
import { cut } from './cut.js'
import { disconnect } from './disconnect.js'
import { empty } from './empty.js'
import { failover } from './failover.js'
import type { Fault, FaultKind } from './fault.js'
import { flush } from './flush.js'
import { freeze } from './freeze.js'
import { kill } from './kill.js'
import { migrate } from './migrate.js'
import { restart } from './restart.js'
import { stall } from './stall.js'

export type { Bargain, FaultKind } from './fault.js'
export { faultKinds } from './fault.js'

export const faults: Readonly<Record<FaultKind, Fault>> = {
  kill,
  restart,
  empty,
  freeze,
  stall,
  failover,
  migrate,
  flush,
  disconnect,
  cut,
}

/** Those of the kinds that a topology knows. */
export function faultsOf(topology: TopologyName, kinds: readonly FaultKind[]): FaultKind[] {
  return kinds.filter((kind) => faults[kind].topologies.includes(topology))
}
