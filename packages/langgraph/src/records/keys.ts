/**
 * The keys of a thread's records.
 *
 * | key | record |
 * |---|---|
 * | `c`, namespace, checkpoint id | a checkpoint |
 * | `c`, namespace, checkpoint id, `w`, task id, index | a pending write of that checkpoint |
 * | `c`, namespace, checkpoint id, `h`, number and id | that the checkpoint of that id is the head, see `head-move.ts` |
 * | `f` | the token of the lease under which the thread is written now |
 * | `d` | that the thread was made before its first checkpoint, and by which call |
 * | `l` | how long the thread lives, if it has a time of its own |
 * | `l`, `pin` | that it does not end |
 * | `l`, `interrupt` | whether an interrupt waits, and the thread does not end meanwhile |
 *
 * A checkpoint and the rest of its group share their first three elements, so they are one group, and one read fetches both.
 */
import type { Tuple } from '@cairnkit/core'

const CHECKPOINTS = 'c'
const WRITES = 'w'
const MOVES = 'h'

/** Alone it is no checkpoint: a thread that holds nothing else is as good as none. */
export const fenceKey: Tuple = Object.freeze(['f'])

/** A thread that `threads.create` has made is there without a checkpoint. Holds a random token. */
export const birthKey: Tuple = Object.freeze(['d'])

/** In decimal milliseconds. */
export const lifetimeKey: Tuple = Object.freeze(['l'])

/** Empty. */
export const pinKey: Tuple = Object.freeze(['l', 'pin'])

/** Empty while an interrupt waits, `no` afterwards. */
export const interruptKey: Tuple = Object.freeze(['l', 'interrupt'])

/** What decides how long a thread lives, before the options of a saver do; the first one that says something. */
export const lifetimeKeys: readonly Tuple[] = Object.freeze([pinKey, interruptKey, lifetimeKey])

/** The prefix of all namespaces. */
export const namespacesPrefix: Tuple = Object.freeze([CHECKPOINTS])

/** The prefix of the checkpoints of one namespace; its groups are the checkpoints. */
export function checkpointsPrefix(namespace: string): Tuple {
  return [CHECKPOINTS, namespace]
}

export function checkpointKey(namespace: string, checkpointId: string): Tuple {
  return [CHECKPOINTS, namespace, checkpointId]
}

export function writesPrefix(namespace: string, checkpointId: string): Tuple {
  return [CHECKPOINTS, namespace, checkpointId, WRITES]
}

export function writeKey(namespace: string, checkpointId: string, taskId: string, index: number): Tuple {
  return [...writesPrefix(namespace, checkpointId), taskId, String(index)]
}

/** What a record of a checkpoint's group is. */
export type RecordKind = 'checkpoint' | 'write' | 'head move'

/** Of which checkpoint a record is, and what it is. */
export function parseRecordKey(key: Tuple): {
  readonly namespace: string
  readonly checkpointId: string
  readonly kind: RecordKind
} {
  const [, namespace = '', checkpointId = '', part] = key
  const kind = part === undefined ? 'checkpoint' : part === WRITES ? 'write' : 'head move'
  return { namespace, checkpointId, kind }
}

/** The prefix of the records that tell of the head, within the group of a checkpoint. */
export function headMovesPrefix(namespace: string, checkpointId: string): Tuple {
  return [...checkpointKey(namespace, checkpointId), MOVES]
}

/** The task id and index that {@link writeKey} put in; `undefined` for a key of another shape. */
export function parseWriteKey(key: Tuple): { readonly taskId: string; readonly index: number } | undefined {
  const [, , , kind, taskId, index] = key
  if (kind !== WRITES || taskId === undefined || index === undefined || !/^-?\d+$/.test(index))
    return undefined
  return { taskId, index: Number(index) }
}
