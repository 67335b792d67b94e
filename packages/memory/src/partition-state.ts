import type { Epoch, ObjectId, StoredObject, StoredRecord } from '@cairnkit/core/driver'
import { OrderedRecords } from './ordered-records.js'

/** All that there is to know of one partition. One that is empty is the same as none. */
export interface PartitionState {
  /** `null` until the first commit that leaves something here. */
  epoch: Epoch | null
  /** By the clock of the driver, in milliseconds; `null`: never. */
  expiresAt: number | null
  /** Until when it is remembered that the partition was dropped, by the same clock; `null`: it is not. */
  droppedUntil: number | null
  readonly records: OrderedRecords
  readonly objects: Map<ObjectId, StoredObject>
}

export function emptyPartition(): PartitionState {
  return {
    epoch: null,
    expiresAt: null,
    droppedUntil: null,
    records: new OrderedRecords(),
    objects: new Map(),
  }
}

export function isEmpty(state: PartitionState): boolean {
  return state.records.size === 0 && state.objects.size === 0
}

type Incoming<T extends StoredObject> = Omit<T, 'refs'> & { readonly refs?: readonly ObjectId[] }

/** What crosses the border is copied, on the way in and on the way out: nobody holds what the driver holds. */
export function copyRecord(record: Incoming<StoredRecord>): StoredRecord {
  return { key: [...record.key], ...copyObject(record) }
}

export function copyObject(object: Incoming<StoredObject>): StoredObject {
  return { bytes: new Uint8Array(object.bytes), refs: [...(object.refs ?? [])] }
}
