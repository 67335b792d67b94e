import type { FaultKind } from '../../src/faults/index.js'
import type { FaultRecord } from '../../src/log/fault-record.js'

/** A fault of a primary that lasted for a second, its healing included. */
export function faultRecord(kind: FaultKind, startedAt: number, mayLose: boolean): FaultRecord {
  return {
    kind,
    target: 'primary-1',
    startedAt,
    healedAt: startedAt + 900,
    backAt: startedAt + 1000,
    mayLose,
  }
}
