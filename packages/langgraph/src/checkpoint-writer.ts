import type { PartitionCommitOptions } from '@cairnkit/core'
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
import type { EncodedValue } from './engine/node.js'
import { settled } from './engine/settled.js'
import { type PlacedValue, type Slot, place, refsOfSlot } from './engine/placement.js'
import { checkpointKey, checkpointsPrefix, writeKey } from './keys.js'
import { type SaverContext, placeOf } from './saver-context.js'
import type { CheckpointAddress } from './thread-config.js'
import { commitToThread } from './thread-commit.js'
import type { RememberedCheckpoint, ThreadKnowledge } from './thread-memory.js'
import { heldBelow } from './thread-read.js'
import { encodeWriteRecord, writeIndex } from './write-record.js'

/** How many checkpoints are looked at, on either end, to find out whether a channel was ever stored. */
const LOOK_AROUND = 16

/** Up to this size the value of a channel stays in each checkpoint that has it; a larger one is stored once. */
const INLINE_CHANNEL_BYTES = 128

/** A write is read once or never, so it may be larger. */
const INLINE_WRITE_BYTES = 1024

interface Draft {
  readonly parentId: string | undefined
  readonly namespace: string
  readonly versions: Versions
  readonly changed: ReadonlySet<string>
  readonly values: ReadonlyMap<string, PlacedValue>
  /** Whether the parent was looked for and not found. */
  parentIsGone: boolean
}

/**
 * Stores a checkpoint: its record, and the objects that its changed channels reach.
 *
 * With `onConflict: 'reject'`, only on the newest checkpoint of the namespace, unless `isFork`.
 *
 * Everything that is read of the arguments is read before the first await: LangGraph goes on and changes them. The
 * value of an unchanged channel is at hand in pieces too, because it must be sent again if the thread has gone meanwhile.
 */
export async function storeCheckpoint(
  context: SaverContext,
  address: CheckpointAddress,
  checkpoint: Checkpoint,
  metadata: CheckpointMetadata,
  newVersions: ChannelVersions,
  { isFork, ...options }: PartitionCommitOptions & { readonly isFork: boolean },
): Promise<void> {
  const { codec } = context
  const { channel_values: channelValues, channel_versions: channelVersions, ...bare } = checkpoint
  const { id } = checkpoint
  const versions = new Map(Object.entries(channelVersions ?? {}))
  const changed = new Set(Object.keys(newVersions ?? {}))
  // A channel without a version was never written: LangGraph shows its default, and makes it anew on loading.
  const channels = Object.keys(channelValues ?? {}).filter(
    (channel) => changed.has(channel) || versions.has(channel),
  )
  const parent = parentOf(context.memory.recall(address.threadId), address)
  const pieces: readonly (() => EncodedValue | Promise<EncodedValue>)[] = [
    () => codec.encode(bare),
    () => codec.encode(metadata),
    ...channels.map((channel) => () => {
      const value = channelValues[channel]
      const slot = changed.has(channel) ? undefined : slotAt(parent, channel, versions.get(channel))
      const carried = slot?.kind === 'inline' ? codec.recall(slot.node, value) : undefined
      return carried ?? codec.encode(value)
    }),
  ]
  const encoding = settled(pieces, (make) => make())
  const [bareValue, metadataValue, ...values] = (
    encoding instanceof Promise ? await encoding : encoding
  ) as readonly [EncodedValue, EncodedValue, ...EncodedValue[]]
  const draft: Draft = {
    parentId: address.checkpointId,
    namespace: address.namespace,
    versions,
    changed,
    values: new Map(
      channels.map((channel, at) => [channel, place(values[at] as EncodedValue, INLINE_CHANNEL_BYTES)]),
    ),
    parentIsGone: false,
  }
  const known = context.memory.recall(address.threadId)
  if (channels.some((channel) => carriedOver(draft, channel, known) === undefined)) {
    await lookUp(context, address, draft)
    draft.parentIsGone = isGone(draft, context.memory.recall(address.threadId))
  }

  const partition = context.threads.partition(address.threadId).id
  let manifest: Manifest = new Map()
  const { threadId, namespace, checkpointId: parentId } = address
  const claim = context.onConflict === 'allow' || isFork ? undefined : { threadId, namespace, id, parentId }
  const subject = { threadId, namespace, checkpointId: id, checkpoint: { parentId }, claim }
  const after = await commitToThread(context, subject, options, (current) => {
    // Without knowledge, what the first manifest held is stored anew from the caller's own values.
    manifest =
      current === undefined && manifest.size > 0 ? ownManifest(draft, manifest) : manifestOf(draft, current)
    const record = encodeCheckpointRecord(
      {
        parentId: draft.parentId,
        manifest,
        versions,
        checkpoint: bareValue.node,
        metadata: metadataValue.node,
      },
      partition,
    )
    const own = [...draft.values].filter(([channel, value]) => manifest.get(channel) === value.slot)
    const ofRecord = [...bareValue.below, ...metadataValue.below]
    return {
      below: [...ofRecord, ...own.flatMap(([, value]) => value.below)],
      // The caller's values reach all that the parent's do, if they begin with the same objects.
      allBelow: () =>
        [...manifest].every(([channel, slot]) => beginAlike(slot, draft.values.get(channel)?.slot))
          ? [...ofRecord, ...[...draft.values.values()].flatMap((value) => value.below)]
          : undefined,
      records: [{ type: 'put', key: checkpointKey(draft.namespace, id), ...record }],
    }
  })
  after.addCheckpoint(draft.namespace, id, { manifest, versions })
  after.hold(draft.namespace, heldBelow(context, [...manifest.values()].flatMap(refsOfSlot)))
}

/** Stores pending writes; they may arrive before their checkpoint. */
export async function storeWrites(
  context: SaverContext,
  address: CheckpointAddress & { readonly checkpointId: string },
  writes: readonly PendingWrite[],
  taskId: string,
  taskPath: string,
  options: PartitionCommitOptions,
): Promise<void> {
  const channels = writes.map(([channel]) => channel)
  const encoding = settled(writes, ([, value]) => context.codec.encode(value))
  const encoded = encoding instanceof Promise ? await encoding : encoding
  const placed = encoded.map((value) => place(value, INLINE_WRITE_BYTES))
  const partition = context.threads.partition(address.threadId).id
  await commitToThread(context, address, options, () => ({
    below: placed.flatMap(({ below }) => below),
    records: placed.map(({ slot }, position) => {
      const channel = channels[position] as string
      const index = writeIndex(channel, position)
      return {
        type: index < 0 ? 'put' : 'insert',
        key: writeKey(address.namespace, address.checkpointId, taskId, index),
        ...encodeWriteRecord({ channel, taskPath, value: slot }, partition),
      }
    }),
  }))
}

function manifestOf(draft: Draft, known: ThreadKnowledge | undefined): Manifest {
  const manifest = new Map<string, Slot>()
  for (const channel of draft.values.keys()) {
    const slot = carriedOver(draft, channel, known)
    if (slot !== undefined) manifest.set(channel, slot)
  }
  return manifest
}

function beginAlike(slot: Slot, own: Slot | undefined): boolean {
  if (slot === own) return true
  if (own === undefined) return false
  const [left, right] = [refsOfSlot(slot), refsOfSlot(own)]
  return left.length === right.length && left.every((id, at) => id === right[at])
}

function ownManifest(draft: Draft, manifest: Manifest): Manifest {
  return new Map([...manifest].map(([channel, slot]) => [channel, draft.values.get(channel)?.slot ?? slot]))
}

/**
 * Where a channel's value is in this checkpoint; `undefined` for an unchanged channel of which the thread never stored
 * a value.
 *
 * A changed channel is the caller's value. An unchanged one is what the parent holds at the same version. If the parent
 * has another version, this is a copied checkpoint whose source is a sibling: then the caller's value counts, if it is
 * known that such a value was stored at all.
 */
function carriedOver(draft: Draft, channel: string, known: ThreadKnowledge | undefined): Slot | undefined {
  const own = draft.values.get(channel)?.slot
  if (own === undefined || draft.changed.has(channel) || draft.parentIsGone) return own
  if (known === undefined) return undefined
  const version = draft.versions.get(channel)
  const slot = slotAt(
    parentOf(known, { namespace: draft.namespace, checkpointId: draft.parentId }),
    channel,
    version,
  )
  if (slot !== undefined) return slot
  const isHeld = own.kind === 'object' && known.holds(own.id)
  return isHeld || known.everStored(channel, version) ? own : undefined
}

/** What the process has seen of the checkpoint that a new one is put under. */
function parentOf(
  known: ThreadKnowledge | undefined,
  { namespace, checkpointId }: Pick<CheckpointAddress, 'namespace' | 'checkpointId'>,
): RememberedCheckpoint | undefined {
  return checkpointId === undefined ? undefined : known?.checkpoint(namespace, checkpointId)
}

/** Where a checkpoint has the value of a channel, if it has it at this version. */
function slotAt(
  seen: RememberedCheckpoint | undefined,
  channel: string,
  version: string | number | undefined,
): Slot | undefined {
  return seen?.versions.get(channel) === version ? seen?.manifest.get(channel) : undefined
}

/** A parent that the storage has lost, with what it held: then only the caller still has the values. */
function isGone({ parentId, namespace }: Draft, known: ThreadKnowledge | undefined): boolean {
  return parentId !== undefined && known?.checkpoint(namespace, parentId) === undefined
}

/** Learns of the thread what the process does not know: the parent, its children, the newest checkpoints. */
async function lookUp(context: SaverContext, address: CheckpointAddress, draft: Draft): Promise<void> {
  const { threadId, namespace } = address
  const prefix = checkpointsPrefix(namespace)
  const ids = [...draft.values.values()].flatMap(({ slot }) => (slot.kind === 'object' ? [slot.id] : []))
  const [newest, children, objects, info] = await context.threads.partition(threadId).read([
    { type: 'groups', prefix, limit: LOOK_AROUND, reverse: true },
    // The source of a copy is a child of the parent, and those come soon after it.
    { type: 'groups', prefix, from: draft.parentId ?? '', limit: LOOK_AROUND },
    { type: 'objects', ids },
    { type: 'info' },
  ])
  if (info.epoch === null) return
  const known = context.memory.learn(threadId, info.epoch, objects.objects.keys())
  // The parent last: memory keeps what came last, and the parent matters most.
  for (const { element, record } of [...newest.groups, ...children.groups.toReversed()]) {
    if (record === undefined) continue
    known.addCheckpoint(
      namespace,
      element,
      decodeCheckpointRecord(record, placeOf(context, threadId, namespace, element)),
    )
  }
}
