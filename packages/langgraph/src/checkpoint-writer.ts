import type { ObjectId } from '@cairnkit/core'
import type {
  ChannelVersions,
  Checkpoint,
  CheckpointMetadata,
  PendingWrite,
} from '@langchain/langgraph-checkpoint'
import {
  type Manifest,
  type Versions,
  decodeCheckpointRecord,
  encodeCheckpointRecord,
} from './checkpoint-record.js'
import { checkpointKey, checkpointsPrefix, writeKey } from './keys.js'
import { type SaverContext, placeOf } from './saver-context.js'
import type { CheckpointAddress } from './thread-config.js'
import { commitToThread } from './thread-commit.js'
import type { ThreadKnowledge } from './thread-memory.js'
import { type EncodedValue, dump, encodeValue } from './value-codec.js'
import { encodeWriteRecord, writeIndex } from './write-record.js'

/** How many of the newest checkpoints are looked at to find out whether a channel was ever stored. */
const LOOK_BACK = 16

interface Draft {
  readonly parentId: string | undefined
  readonly namespace: string
  readonly versions: Versions
  readonly changed: ReadonlySet<string>
  readonly values: ReadonlyMap<string, EncodedValue>
}

/**
 * Stores a checkpoint: its record, and the objects of its changed channels.
 *
 * Everything that is read of the arguments is read before the first await: LangGraph goes on and changes them. The
 * value of an unchanged channel is serialized too, because it must be sent again if the thread has gone meanwhile.
 */
export async function storeCheckpoint(
  context: SaverContext,
  address: CheckpointAddress,
  checkpoint: Checkpoint,
  metadata: CheckpointMetadata,
  newVersions: ChannelVersions,
): Promise<void> {
  const serde = context.serde()
  const { channel_values: channelValues, ...bare } = checkpoint
  const { id } = checkpoint
  const versions = new Map(Object.entries(checkpoint.channel_versions ?? {}))
  const changed = new Set(Object.keys(newVersions ?? {}))
  const [bareBytes, metadataBytes, values] = await Promise.all([
    dump(serde, bare),
    dump(serde, metadata),
    Promise.all(
      Object.entries(channelValues ?? {})
        // A channel without a version was never written: LangGraph shows its default, and makes it anew on loading.
        .filter(([channel]) => changed.has(channel) || versions.has(channel))
        .map(async ([channel, value]) => [channel, await encodeValue(serde, value)] as const),
    ),
  ])
  const draft: Draft = {
    parentId: address.checkpointId,
    namespace: address.namespace,
    versions,
    changed,
    values: new Map(values),
  }
  const known = context.memory.recall(address.threadId)
  if (channelsOf(draft).some((channel) => carriedOver(draft, channel, known) === undefined)) {
    await lookUp(context, address, draft)
  }

  let manifest: Manifest = new Map()
  const after = await commitToThread(context, address.threadId, (current) => {
    // Without knowledge, what the first manifest held is stored anew from the caller's own values.
    manifest =
      current === undefined && manifest.size > 0
        ? ownManifest(draft, manifest.keys())
        : manifestOf(draft, current)
    const record = encodeCheckpointRecord({
      parentId: draft.parentId,
      manifest,
      versions,
      checkpoint: bareBytes,
      metadata: metadataBytes,
    })
    const stored = new Set(manifest.values())
    return {
      values: [...draft.values.values()].filter((value) => stored.has(value.id)),
      records: [{ type: 'put', key: checkpointKey(draft.namespace, id), ...record }],
    }
  })
  after.addCheckpoint(draft.namespace, id, { manifest, versions })
}

/** Stores pending writes; they may arrive before their checkpoint. */
export async function storeWrites(
  context: SaverContext,
  address: CheckpointAddress & { readonly checkpointId: string },
  writes: readonly PendingWrite[],
  taskId: string,
  taskPath: string,
): Promise<void> {
  const serde = context.serde()
  const encoded = await Promise.all(
    writes.map(async ([channel, value]) => ({ channel, value: await encodeValue(serde, value) })),
  )
  await commitToThread(context, address.threadId, () => ({
    values: encoded.map((write) => write.value),
    records: encoded.map(({ channel, value }, position) => {
      const index = writeIndex(channel, position)
      return {
        type: index < 0 ? 'put' : 'insert',
        key: writeKey(address.namespace, address.checkpointId, taskId, index),
        bytes: encodeWriteRecord({ channel, taskPath }),
        refs: [value.id],
      }
    }),
  }))
}

function channelsOf(draft: Draft): string[] {
  return [...draft.values.keys()]
}

function manifestOf(draft: Draft, known: ThreadKnowledge | undefined): Manifest {
  const manifest = new Map<string, ObjectId>()
  for (const channel of channelsOf(draft)) {
    const id = carriedOver(draft, channel, known)
    if (id !== undefined) manifest.set(channel, id)
  }
  return manifest
}

function ownManifest(draft: Draft, channels: Iterable<string>): Manifest {
  return new Map([...channels].map((channel) => [channel, (draft.values.get(channel) as EncodedValue).id]))
}

/**
 * The object that holds a channel's value in this checkpoint; `undefined` for an unchanged channel of which the thread
 * never stored a value.
 *
 * A changed channel is the caller's value. An unchanged one is what the parent holds at the same version. If the parent
 * has another version, this is a copied checkpoint whose source is a sibling: then the caller's value counts, if it is
 * known that such a value was stored at all.
 */
function carriedOver(
  draft: Draft,
  channel: string,
  known: ThreadKnowledge | undefined,
): ObjectId | undefined {
  const own = (draft.values.get(channel) as EncodedValue).id
  if (draft.changed.has(channel)) return own
  if (known === undefined) return undefined
  const version = draft.versions.get(channel)
  const parent = draft.parentId === undefined ? undefined : known.checkpoint(draft.namespace, draft.parentId)
  if (parent !== undefined && parent.versions.get(channel) === version) {
    const id = parent.manifest.get(channel)
    if (id !== undefined) return id
  }
  return known.holds(own) || known.everStored(channel, version) ? own : undefined
}

/** Learns of the thread what the process does not know: the parent, the newest checkpoints, the objects in question. */
async function lookUp(context: SaverContext, address: CheckpointAddress, draft: Draft): Promise<void> {
  const { threadId, namespace } = address
  const ids = channelsOf(draft).map((channel) => (draft.values.get(channel) as EncodedValue).id)
  const parentRead = draft.parentId === undefined ? [] : [draft.parentId]
  const [newest, objects, info, ...parents] = await context.threads
    .partition(threadId)
    .read([
      { type: 'groups', prefix: checkpointsPrefix(namespace), limit: LOOK_BACK, reverse: true },
      { type: 'objects', ids },
      { type: 'info' },
      ...parentRead.map((id) => ({ type: 'get' as const, key: checkpointKey(namespace, id) })),
    ])
  if (info.epoch === null) return
  const known = context.memory.under(threadId, info.epoch)
  known.addObjects(objects.objects.keys())
  // Oldest first: memory keeps what came last, and the parent matters most.
  const records = [
    ...newest.groups.map((group) => group.record).toReversed(),
    ...parents.map((read) => read.record),
  ]
  for (const stored of records) {
    const id = stored?.key[2]
    if (stored === undefined || id === undefined) continue
    known.addCheckpoint(
      namespace,
      id,
      decodeCheckpointRecord(stored, placeOf(context, threadId, namespace, id)),
    )
  }
}
