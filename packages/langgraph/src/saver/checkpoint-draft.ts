import type { HeadPut } from '../commit/head-step.js'
import type { FindObjects, Stored, ThreadWrite } from '../commit/thread-write.js'
import type { EncodedValue, ObjectNode } from '../engine/node.js'
import { type PlacedValue, type Slot, refsOfSlot } from '../engine/placement.js'
import { type Manifest, type Versions, encodeCheckpointRecord } from '../records/checkpoint-record.js'
import { checkpointKey } from '../records/keys.js'

/** The value of a channel. */
export interface ChannelValue {
  /** As the caller brought it. */
  readonly own: PlacedValue
  /** Where the thread holds the value that came with this version; `undefined` when the version is new. */
  readonly carried: Slot | undefined
}

/** Everything of a checkpoint, in pieces. */
export interface CheckpointPieces {
  readonly checkpoint: EncodedValue
  readonly metadata: EncodedValue
  readonly versions: Versions
  /** In the order of `channel_values`. */
  readonly channels: ReadonlyMap<string, ChannelValue>
}

export interface StoredManifest extends Stored {
  readonly manifest: Manifest
}

/** A checkpoint that is going to be stored: everything is read of the caller's arguments, and nothing changes any more. */
export class CheckpointDraft implements ThreadWrite<StoredManifest> {
  readonly threadId: string
  readonly namespace: string
  readonly checkpointId: string
  readonly head: HeadPut
  /** An unchanged channel has the value that came with its version, whatever was done to the object in place since. */
  readonly relying: StoredManifest
  readonly #pieces: CheckpointPieces

  constructor(head: HeadPut, pieces: CheckpointPieces) {
    this.threadId = head.threadId
    this.namespace = head.namespace
    this.checkpointId = head.id
    this.head = head
    this.#pieces = pieces
    const carried = { nodes: [] as ObjectNode[], ids: [] as string[] }
    this.relying = this.#stored(carried, (value, slot) => {
      const nodes = nodesOf(value, slot)
      if (nodes === undefined) carried.ids.push(...refsOfSlot(slot))
      else carried.nodes.push(...nodes)
      return { slot, below: [] }
    })
  }

  /** The value of an unchanged channel is that of its version as long as that is at hand, and the caller's own otherwise. */
  whole(find: FindObjects): StoredManifest {
    return this.#stored({ nodes: [], ids: [] }, (value, slot) => {
      const below = nodesOf(value, slot) ?? find(refsOfSlot(slot))
      return below === undefined ? value.own : { slot, below }
    })
  }

  #stored(
    carried: Stored['carried'],
    placeOfCarried: (value: ChannelValue, slot: Slot) => PlacedValue,
  ): StoredManifest {
    const { checkpoint, metadata, versions, channels } = this.#pieces
    const manifest = new Map<string, Slot>()
    const below = [...checkpoint.below, ...metadata.below]
    for (const [channel, value] of channels) {
      const placed = value.carried === undefined ? value.own : placeOfCarried(value, value.carried)
      manifest.set(channel, placed.slot)
      below.push(...placed.below)
    }
    const { parentId, partition } = this.head
    const record = encodeCheckpointRecord(
      { parentId, manifest, versions, checkpoint: checkpoint.node, metadata: metadata.node },
      partition,
    )
    const key = checkpointKey(this.namespace, this.checkpointId)
    return { manifest, below, carried, records: [{ type: 'put', key, ...record }] }
  }
}

/** The objects of a carried value, if the caller's own begins with the same ones: then it reaches all that they do. */
function nodesOf({ own }: ChannelValue, slot: Slot): readonly ObjectNode[] | undefined {
  const [left, right] = [refsOfSlot(slot), refsOfSlot(own.slot)]
  const isAlike = left.length === right.length && left.every((id, at) => id === right[at])
  return isAlike ? own.below : undefined
}
