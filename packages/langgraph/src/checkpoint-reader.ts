import type { CallOptions, Group, ObjectId, ObjectMap, StorageError, StoredRecord } from '@cairnkit/core'
import {
  type Checkpoint,
  type CheckpointMetadata,
  type CheckpointPendingWrite,
  type CheckpointTuple,
  TASKS,
  maxChannelVersion,
} from '@langchain/langgraph-checkpoint'
import { type CheckpointRecord, decodeCheckpointRecord } from './checkpoint-record.js'
import type { Node } from './engine/node.js'
import { ObjectView } from './engine/object-view.js'
import { settled } from './engine/settled.js'
import { type Slot, refsOfSlot } from './engine/placement.js'
import { writesPrefix } from './keys.js'
import { type SaverContext, placeOf } from './saver-context.js'
import { type StoredPlace, corruptError, partOf } from './stored-data-error.js'
import { configOf } from './thread-config.js'
import { type WriteRecord, compareWrites, decodeWriteRecord } from './write-record.js'

/** The first format of checkpoints whose pending sends are in a channel. */
const SENDS_IN_CHANNEL = 4

/** A checkpoint with its pending writes as one read returned them. The values are not made yet. */
export interface StoredCheckpoint {
  readonly threadId: string
  readonly namespace: string
  readonly id: string
  readonly record: CheckpointRecord
  readonly writes: readonly WriteRecord[]
  readonly view: ObjectView
  readonly place: StoredPlace
}

/** Reads the records of groups that came with one answer. */
export function openGroups(
  context: SaverContext,
  threadId: string,
  namespace: string,
  answer: { readonly groups: readonly Group[]; readonly objects: ObjectMap },
): StoredCheckpoint[] {
  const view = new ObjectView(context.cache, answer.objects)
  return answer.groups.map((group) => {
    const place = placeOf(context, threadId, namespace, group.element)
    if (group.record === undefined) throw corruptError(place, 'has pending writes and no record of its own')
    const record = decodeCheckpointRecord(group.record, place)
    return {
      threadId,
      namespace,
      id: group.element,
      record,
      writes: openWrites(group.members, place),
      view,
      place,
    }
  })
}

/** The objects that a checkpoint reaches and that are not at hand. Throws a `StorageError` for one that is damaged. */
export function missingFrom(stored: StoredCheckpoint): ObjectId[] {
  try {
    return stored.view.missingFrom(rootsOf(stored))
  } catch (cause) {
    throw unreadable(stored.place, cause)
  }
}

/** The objects that a checkpoint and its writes refer to directly. */
export function rootsOf(stored: StoredCheckpoint): ObjectId[] {
  const { record, writes } = stored
  return [
    ...record.checkpoint.refs,
    ...record.metadata.refs,
    ...[...record.manifest.values()].flatMap(refsOfSlot),
    ...writes.flatMap((write) => refsOfSlot(write.value)),
  ]
}

/** The whole tuple, built anew on each call: LangGraph changes what it is given. */
export async function tupleOf(
  context: SaverContext,
  stored: StoredCheckpoint,
  getNextVersion: (current: undefined) => string | number,
  options: CallOptions,
): Promise<CheckpointTuple> {
  const { threadId, namespace, id, record } = stored
  const channels = [...record.manifest.keys()]
  const parts = settled<() => unknown, unknown>(
    [
      () => objectOf(context, stored, record.checkpoint, 'the body'),
      () => metadataOf(context, stored),
      () => pendingWritesOf(context, stored),
      ...[...record.manifest].map(
        ([channel, slot]) =>
          () =>
            channelOf(context, stored, channel, slot),
      ),
    ],
    (make) => make(),
  )
  const [bare, metadata, pendingWrites, ...values] = parts instanceof Promise ? await parts : parts
  // Built from entries, not by assignment: a channel may be called `__proto__`.
  const checkpoint = Object.assign(bare as Omit<Checkpoint, 'channel_values' | 'channel_versions'>, {
    channel_values: Object.fromEntries(channels.map((channel, at) => [channel, values[at]])),
    channel_versions: Object.fromEntries(record.versions),
  })
  if (checkpoint.v < SENDS_IN_CHANNEL && record.parentId !== undefined) {
    await migratePendingSends(context, stored, record.parentId, checkpoint, getNextVersion, options)
  }
  return {
    config: configOf(threadId, namespace, id),
    checkpoint,
    metadata: metadata as CheckpointMetadata,
    pendingWrites: pendingWrites as CheckpointPendingWrite[],
    ...(record.parentId === undefined
      ? {}
      : { parentConfig: configOf(threadId, namespace, record.parentId) }),
  }
}

export function metadataOf(
  context: SaverContext,
  stored: StoredCheckpoint,
): CheckpointMetadata | Promise<CheckpointMetadata> {
  return objectOf(context, stored, stored.record.metadata, 'the metadata') as CheckpointMetadata
}

/** The values of pending writes, in the order in which a superstep applies them. */
export function pendingWritesOf(
  context: SaverContext,
  stored: StoredCheckpoint,
  writes: readonly WriteRecord[] = stored.writes,
): CheckpointPendingWrite[] | Promise<CheckpointPendingWrite[]> {
  const named = (values: readonly unknown[]): CheckpointPendingWrite[] =>
    writes.map(({ taskId, channel }, at) => [taskId, channel, values[at]])
  const values = settled(writes, ({ taskId, channel, value }) => {
    const part = `the write of task ${JSON.stringify(taskId)} to channel ${JSON.stringify(channel)}`
    return valueOf(context, stored, value, part)
  })
  return values instanceof Promise ? values.then(named) : named(values)
}

/** The value of a channel; a promise only where a serializer has to be asked. */
export function channelOf(
  context: SaverContext,
  stored: StoredCheckpoint,
  channel: string,
  slot: Slot,
): unknown {
  return valueOf(context, stored, slot, `channel ${JSON.stringify(channel)}`)
}

function valueOf(context: SaverContext, stored: StoredCheckpoint, slot: Slot, part: string): unknown {
  const fail = (cause: unknown): never => {
    throw unreadable(partOf(stored.place, part), cause)
  }
  try {
    const node = slot.kind === 'inline' ? slot.node : stored.view.open(slot.id)
    const value = context.codec.decode(node, stored.view.open)
    return value instanceof Promise ? value.catch(fail) : value
  } catch (cause) {
    return fail(cause)
  }
}

/** The body or the metadata: what everybody else takes for an object must be one. */
function objectOf(
  context: SaverContext,
  stored: StoredCheckpoint,
  node: Node,
  part: string,
): object | Promise<object> {
  const checked = (value: unknown): object => {
    if (typeof value === 'object' && value !== null) return value
    throw corruptError(partOf(stored.place, part), 'is no object')
  }
  const value = valueOf(context, stored, inline(node), part)
  return value instanceof Promise ? value.then(checked) : checked(value)
}

function unreadable(place: StoredPlace, cause: unknown): StorageError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return corruptError(place, `could not be read: ${reason}`, cause)
}

function inline(node: Node): Slot {
  return { kind: 'inline', node }
}

function openWrites(members: readonly StoredRecord[], place: StoredPlace): WriteRecord[] {
  return members.map((member) => decodeWriteRecord(member, place)).sort(compareWrites)
}

/** Before format 4, the sends of a superstep were only in the parent's pending writes. */
async function migratePendingSends(
  context: SaverContext,
  stored: StoredCheckpoint,
  parentId: string,
  checkpoint: Checkpoint,
  getNextVersion: (current: undefined) => string | number,
  options: CallOptions,
): Promise<void> {
  const { threadId, namespace } = stored
  const [parent] = await context.threads
    .partition(threadId)
    .read([{ type: 'range', prefix: writesPrefix(namespace, parentId), follow: 'all' }], options)
  const place = placeOf(context, threadId, namespace, parentId)
  const sends = openWrites(parent.records, place).filter((write) => write.channel === TASKS)
  const view = new ObjectView(context.cache, parent.objects)
  const values = await pendingWritesOf(context, { ...stored, place, view }, sends)
  checkpoint.channel_values[TASKS] = values.map(([, , value]) => value)
  const versions = Object.values(checkpoint.channel_versions)
  checkpoint.channel_versions[TASKS] =
    versions.length > 0 ? maxChannelVersion(...versions) : getNextVersion(undefined)
}
