import type { CallOptions, Keyspace, Mutation, PutMutation, StoredRecord } from '@cairnkit/core'
import type { ThreadExpiry } from '../expiry/thread-expiry.js'
import { decodeCheckpointRecord, encodeCheckpointRecord } from '../records/checkpoint-record.js'
import { encodeHeadMove } from '../records/head-move.js'
import { lifetimeKey, namespacesPrefix, parseRecordKey } from '../records/keys.js'
import { type StoredPlace, placeOf } from '../records/stored-data-error.js'
import { decodeWriteRecord, encodeWriteRecord } from '../records/write-record.js'
import { ThreadExistsError } from '../thread-errors.js'

/** What a thread is copied with. */
export interface CopyTools {
  readonly threads: Keyspace
  readonly expiry: ThreadExpiry
}

/**
 * Copies a thread, as it is at one instant: checkpoints with their ids, metadata and pending writes, of all namespaces. A pin and a
 * lease are not copied; a time of its own is, and begins anew. Resolves to whether there was something to copy. Throws
 * `ThreadExistsError` if the target holds a checkpoint.
 */
export async function copyThread(
  { threads, expiry }: CopyTools,
  source: string,
  target: string,
  options: CallOptions = {},
): Promise<boolean> {
  const [from, to] = [threads.partition(source), threads.partition(target)]
  const [{ records, objects }, own] = await from.read(
    [
      { type: 'range', prefix: namespacesPrefix, follow: 'all' },
      { type: 'get', key: lifetimeKey },
    ],
    options,
  )
  if (records.length === 0) return false
  const place = (record: StoredRecord): StoredPlace => {
    const { namespace, checkpointId } = parseRecordKey(record.key)
    return placeOf(threads, source, namespace, checkpointId)
  }
  const mutations: Mutation[] = [
    ...[...objects].map(([id, { bytes, refs }]) => ({ type: 'object' as const, id, bytes, refs })),
    ...records.map((record) => renamed(record, place(record), to.id)),
    ...(own.record === undefined
      ? []
      : [{ type: 'put' as const, key: lifetimeKey, bytes: own.record.bytes }]),
    ...expiry.ofCopy(own.record !== undefined),
  ]
  const result = await to.commit(
    { checks: [{ type: 'last', prefix: namespacesPrefix, key: null }], mutations },
    options,
  )
  if (!result.ok && result.mayBeApplied !== true) throw new ThreadExistsError(target, source)
  return true
}

/** A record says in which partition it is stored, so that one that was moved by hand is noticed. */
function renamed(record: StoredRecord, place: StoredPlace, partition: string): PutMutation {
  const { key } = record
  switch (parseRecordKey(key).kind) {
    case 'checkpoint':
      return { type: 'put', key, ...encodeCheckpointRecord(decodeCheckpointRecord(record, place), partition) }
    case 'write':
      return {
        type: 'put',
        key,
        ...encodeWriteRecord(decodeWriteRecord(record, place), partition),
      }
    case 'head move':
      return { type: 'put', key, ...encodeHeadMove(partition) }
  }
}
