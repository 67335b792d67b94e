import type { Group, ObjectId, ObjectMap, StoredRecord } from '@cairnkit/core'
import {
  type Checkpoint,
  type CheckpointMetadata,
  type CheckpointPendingWrite,
  type CheckpointTuple,
  TASKS,
  maxChannelVersion,
} from '@langchain/langgraph-checkpoint'
import { type CheckpointRecord, decodeCheckpointRecord } from './checkpoint-record.js'
import { writesPrefix } from './keys.js'
import { type SaverContext, partOf, placeOf } from './saver-context.js'
import { type StoredPlace, corruptError } from './stored-data-error.js'
import { configOf } from './thread-config.js'
import { decodeValue, load } from './value-codec.js'
import { type WriteRecord, compareWrites, decodeWriteRecord } from './write-record.js'

/** The first format of checkpoints whose pending sends are in a channel. */
const SENDS_IN_CHANNEL = 4

/** A checkpoint with its pending writes as one read returned them. */
export interface StoredCheckpoint {
  readonly threadId: string
  readonly namespace: string
  readonly id: string
  readonly record: CheckpointRecord
  readonly writes: readonly WriteRecord[]
  readonly objects: ObjectMap
  readonly place: StoredPlace
}

/** Reads the records of a group that has its own record. The values stay bytes. */
export function openGroup(
  context: SaverContext,
  threadId: string,
  namespace: string,
  group: Group,
  objects: ObjectMap,
): StoredCheckpoint {
  const place = placeOf(context, threadId, namespace, group.element)
  if (group.record === undefined) throw corruptError(place, 'has pending writes and no record of its own')
  return {
    threadId,
    namespace,
    id: group.element,
    record: decodeCheckpointRecord(group.record, place),
    writes: openWrites(group.members, place),
    objects,
    place,
  }
}

/** The whole tuple, built anew on each call: LangGraph changes what it is given. */
export async function tupleOf(
  context: SaverContext,
  stored: StoredCheckpoint,
  getNextVersion: (current: undefined) => string | number,
): Promise<CheckpointTuple> {
  const { threadId, namespace, id, record } = stored
  const serde = context.serde()
  const [bare, metadata, channels, pendingWrites] = await Promise.all([
    load(serde, record.checkpoint, stored.place),
    metadataOf(context, stored),
    Promise.all(
      [...record.manifest].map(
        async ([channel, objectId]) =>
          [channel, await valueOf(context, stored, objectId, `channel ${JSON.stringify(channel)}`)] as const,
      ),
    ),
    pendingWritesOf(context, stored),
  ])
  // Not spread into the checkpoint: a channel may be called `__proto__`.
  const checkpoint = Object.assign(bare as Omit<Checkpoint, 'channel_values'>, {
    channel_values: Object.fromEntries(channels),
  })
  if (checkpoint.v < SENDS_IN_CHANNEL && record.parentId !== undefined) {
    await migratePendingSends(context, stored, record.parentId, checkpoint, getNextVersion)
  }
  return {
    config: configOf(threadId, namespace, id),
    checkpoint,
    metadata,
    pendingWrites,
    ...(record.parentId === undefined
      ? {}
      : { parentConfig: configOf(threadId, namespace, record.parentId) }),
  }
}

export async function metadataOf(
  context: SaverContext,
  stored: StoredCheckpoint,
): Promise<CheckpointMetadata> {
  return (await load(
    context.serde(),
    stored.record.metadata,
    partOf(stored.place, 'the metadata'),
  )) as CheckpointMetadata
}

/** The values of pending writes, in the order in which a superstep applies them. */
export async function pendingWritesOf(
  context: SaverContext,
  stored: StoredCheckpoint,
  writes: readonly WriteRecord[] = stored.writes,
): Promise<CheckpointPendingWrite[]> {
  return await Promise.all(
    writes.map(async ({ taskId, channel, valueId }): Promise<CheckpointPendingWrite> => [
      taskId,
      channel,
      await valueOf(
        context,
        stored,
        valueId,
        `the write of task ${JSON.stringify(taskId)} to channel ${JSON.stringify(channel)}`,
      ),
    ]),
  )
}

/** The value of one object of a stored checkpoint. */
export async function valueOf(
  context: SaverContext,
  stored: StoredCheckpoint,
  id: ObjectId,
  part: string,
): Promise<unknown> {
  const place = partOf(stored.place, part)
  const object = stored.objects.get(id)
  if (object === undefined) throw corruptError(place, `refers to object ${id}, which is not there`)
  return await decodeValue(context.serde(), object, place)
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
): Promise<void> {
  const { threadId, namespace } = stored
  const [parent] = await context.threads
    .partition(threadId)
    .read([{ type: 'range', prefix: writesPrefix(namespace, parentId), follow: 'all' }])
  const place = placeOf(context, threadId, namespace, parentId)
  const sends = openWrites(parent.records, place).filter((write) => write.channel === TASKS)
  const values = await pendingWritesOf(context, { ...stored, place, objects: parent.objects }, sends)
  checkpoint.channel_values[TASKS] = values.map(([, , value]) => value)
  checkpoint.channel_versions ??= {}
  const versions = Object.values(checkpoint.channel_versions)
  checkpoint.channel_versions[TASKS] =
    versions.length > 0 ? maxChannelVersion(...versions) : getNextVersion(undefined)
}
