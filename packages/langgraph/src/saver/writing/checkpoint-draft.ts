import type { HeadPut } from '../../commit/head-step.js'
import type { FindObjects, LifetimeStep, Stored, ThreadWrite } from '../../commit/thread-write.js'
import { type ValueRef, refsOfValue } from '../../engine/fragments/value-ref.js'
import type { NewObject } from '../../engine/objects/new-object.js'
import type { EncodedValue, PlacedValue } from '../../engine/objects/place-value.js'
import {
  type Manifest,
  type RunTags,
  type Versions,
  encodeCheckpointRecord,
} from '../../records/checkpoint-record.js'
import { checkpointKey } from '../../records/keys.js'

/** The value of a channel. */
export interface ChannelValue {
  /** As the caller brought it. */
  readonly own: PlacedValue
  /** Where the thread holds the value that came with this version; `undefined` when the version is new. */
  readonly carried: ValueRef | undefined
}

/** Everything of a checkpoint, in pieces. */
export interface CheckpointPieces {
  readonly checkpoint: EncodedValue
  readonly metadata: EncodedValue
  readonly versions: Versions
  readonly run: RunTags
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
  readonly lifetime: LifetimeStep | undefined
  /** An unchanged channel has the value that came with its version, whatever was done to the object in place since. */
  readonly relying: StoredManifest
  readonly #pieces: CheckpointPieces

  constructor(head: HeadPut, lifetime: LifetimeStep | undefined, pieces: CheckpointPieces) {
    this.threadId = head.threadId
    this.namespace = head.namespace
    this.checkpointId = head.id
    this.head = head
    this.lifetime = lifetime
    this.#pieces = pieces
    const carried = { objects: [] as NewObject[], ids: [] as string[] }
    this.relying = this.#stored(carried, (value, valueRef) => {
      const objects = objectsOf(value, valueRef)
      if (objects === undefined) carried.ids.push(...refsOfValue(valueRef))
      else carried.objects.push(...objects)
      return { valueRef, children: [] }
    })
  }

  /** The value of an unchanged channel is that of its version as long as that is at hand, and the caller's own otherwise. */
  whole(find: FindObjects): StoredManifest {
    return this.#stored({ objects: [], ids: [] }, (value, valueRef) => {
      const children = objectsOf(value, valueRef) ?? find(refsOfValue(valueRef))
      return children === undefined ? value.own : { valueRef, children }
    })
  }

  #stored(
    carried: Stored['carried'],
    placeOfCarried: (value: ChannelValue, valueRef: ValueRef) => PlacedValue,
  ): StoredManifest {
    const { checkpoint, metadata, versions, run, channels } = this.#pieces
    const manifest = new Map<string, ValueRef>()
    const children = [...checkpoint.children, ...metadata.children]
    for (const [channel, value] of channels) {
      const placed = value.carried === undefined ? value.own : placeOfCarried(value, value.carried)
      manifest.set(channel, placed.valueRef)
      children.push(...placed.children)
    }
    const { parentId, partition } = this.head
    const record = encodeCheckpointRecord(
      { parentId, manifest, versions, run, checkpoint: checkpoint.fragment, metadata: metadata.fragment },
      partition,
    )
    const key = checkpointKey(this.namespace, this.checkpointId)
    return { manifest, children, carried, records: [{ type: 'put', key, ...record }] }
  }
}

/** The objects of a carried value, if the caller's own begins with the same ones: then it reaches all that they do. */
function objectsOf({ own }: ChannelValue, valueRef: ValueRef): readonly NewObject[] | undefined {
  const [left, right] = [refsOfValue(valueRef), refsOfValue(own.valueRef)]
  const isAlike = left.length === right.length && left.every((id, at) => id === right[at])
  return isAlike ? own.children : undefined
}
