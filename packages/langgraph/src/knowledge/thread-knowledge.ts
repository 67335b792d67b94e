import type { Epoch, ObjectId } from '@cairnkit/core'
import { BYTES_OVERHEAD, sizeOfText } from '../bounds/memory-size.js'
import { isDetached, detach } from '../engine/fragments/detach.js'
import type { ValueRef } from '../engine/fragments/value-ref.js'
import type { Manifest, Versions } from '../records/checkpoint-record.js'
import type { SeenHead } from './seen-head.js'

/** What the process has seen of a checkpoint. */
export interface RememberedCheckpoint {
  readonly manifest: Manifest
  readonly versions: Versions
}

/** Where a checkpoint has the value of a channel, if it has it at this version. */
export function valueRefAt(
  seen: RememberedCheckpoint,
  channel: string,
  version: string | number,
): ValueRef | undefined {
  return seen.versions.get(channel) === version ? seen.manifest.get(channel) : undefined
}

/** How much is known of a thread at the most. */
export interface KnowledgeLimits {
  readonly objects: number
  readonly namespaces: number
  readonly checkpoints: number
  /** For namespaces and checkpoints. Beyond it the oldest go, but for as many as are known of an idle thread. */
  readonly bytes: number
}

/**
 * `maxBytes` is for all that is known of it. An eighth is for the name of the thread, and for checkpoints that are too
 * large and stay.
 */
export function limitsInUse(maxBytes: number): KnowledgeLimits {
  return {
    objects: Math.min(16_384, Math.floor(maxBytes / 2 / ID_BYTES)),
    namespaces: 16,
    checkpoints: 16,
    bytes: (maxBytes * 3) / 8,
  }
}

/** What a run that pauses needs, so as not to ask for what its next put is put on. */
export const idle: KnowledgeLimits = {
  objects: 32,
  namespaces: 2,
  checkpoints: 2,
  bytes: Number.POSITIVE_INFINITY,
}

/** How many objects are remembered beyond what may be, until so many are forgotten together. */
const SPARE_SHARE = 1 / 64

const THREAD_BYTES = 1500
/** An id with its place in a set. */
const ID_BYTES = 100
const CHECKPOINT_BYTES = 700
/** Its places in two maps, and where its value is. */
const CHANNEL_BYTES = 150
const FRAGMENT_BYTES = 100

/** Calls are under way no longer than that many removals take. */
const MAX_FORMER_EPOCHS = 4

/** How many removed objects are remembered for answers that come late. */
const MAX_REMOVED = 256

const NOTHING: ReadonlySet<ObjectId> = new Set()

/** What one thread was seen to hold under one epoch: true as long as the epoch is. */
export class ThreadKnowledge {
  #epoch: Epoch
  readonly #objects = new Set<ObjectId>()
  readonly #tops = new Map<string, ReadonlySet<ObjectId>>()
  readonly #checkpoints = new Map<string, RememberedCheckpoint & { readonly costBytes: number }>()
  readonly #heads = new Map<string, SeenHead>()
  #limits: KnowledgeLimits
  #costBytes = THREAD_BYTES
  #formerEpochs: readonly Epoch[] = []
  /** What the last removal took; `undefined`: that is not known. */
  #removed: ReadonlySet<ObjectId> | undefined
  #expires = false

  constructor(epoch: Epoch, limits: KnowledgeLimits) {
    this.#epoch = epoch
    this.#limits = limits
  }

  get epoch(): Epoch {
    return this.#epoch
  }

  /** The thread has another epoch, because these objects were removed. */
  rebase(epoch: Epoch, removed: readonly ObjectId[]): void {
    this.#formerEpochs = [...this.#formerEpochs, this.#epoch].slice(-MAX_FORMER_EPOCHS)
    this.#epoch = epoch
    const gone = new Set(removed)
    this.#removed = gone.size <= MAX_REMOVED ? gone : undefined
    for (const id of gone) this.#objects.delete(id)
    for (const [namespace, ids] of this.#tops)
      if ([...ids].some((id) => gone.has(id))) this.#forgetTops(namespace)
  }

  /** Whether this process has ended that epoch: what is answered under it was true before. */
  isPast(epoch: Epoch): boolean {
    return this.#formerEpochs.includes(epoch)
  }

  /** Objects that were stored under the epoch before the last one: those that were not removed since are there. */
  addLate(epoch: Epoch, ids: Iterable<ObjectId>): void {
    const removed = this.#removed
    if (removed === undefined || epoch !== this.#formerEpochs.at(-1)) return
    this.addObjects([...ids].filter((id) => !removed.has(id)))
  }

  /** What it takes to keep it. */
  get costBytes(): number {
    return this.#costBytes + (this.#objects.size + (this.#removed?.size ?? 0)) * ID_BYTES
  }

  /** Forgets what is over these limits, and keeps to them. */
  limit(limits: KnowledgeLimits): void {
    this.#limits = limits
    if (this.#objects.size > limits.objects * (1 + SPARE_SHARE)) this.#forgetObjects(limits.objects)
    this.#forgetExcess()
  }

  /** The objects at the top of a namespace, as it was read or written last. */
  tops(namespace: string): ReadonlySet<ObjectId> {
    return this.#tops.get(namespace) ?? NOTHING
  }

  seeTops(namespace: string, ids: ReadonlySet<ObjectId>): void {
    this.#forgetTops(namespace)
    this.#tops.set(namespace, ids)
    this.#costBytes += ids.size * ID_BYTES
    this.#forgetExcess()
  }

  /** Whether the thread had an expiry when it was seen last. */
  get expires(): boolean {
    return this.#expires
  }

  /** `null`: it does not end; `undefined`: that was not seen. */
  seeTtl(ttlMs: number | null | undefined): void {
    if (ttlMs !== undefined) this.#expires = ttlMs !== null
  }

  /** The head of a namespace, as it was seen last. */
  head(namespace: string): SeenHead | undefined {
    return this.#heads.get(namespace)
  }

  /** `undefined`: it has changed, and is not known. */
  seeHead(namespace: string, head: SeenHead | undefined): void {
    this.#heads.delete(namespace)
    if (head !== undefined) this.#heads.set(namespace, head)
    this.#forgetExcess()
  }

  /**
   * What is asked for is remembered longer: it stands at the top of what is written, and for what is below it. What stands
   * at the top of a namespace is held whatever else was forgotten: the next put of a run would send all that lies below it.
   */
  holds(id: ObjectId): boolean {
    if (this.#objects.delete(id)) {
      this.#objects.add(id)
      return true
    }
    for (const ids of this.#tops.values()) if (ids.has(id)) return true
    return false
  }

  checkpoint(namespace: string, checkpointId: string): RememberedCheckpoint | undefined {
    return this.#checkpoints.get(checkpointName(namespace, checkpointId))
  }

  /** Whether any remembered checkpoint holds a value of `channel` at `version`. */
  everStored(channel: string, version: string | number): boolean {
    return [...this.#checkpoints.values()].some(
      (seen) => seen.manifest.has(channel) && seen.versions.get(channel) === version,
    )
  }

  /** What leads to others comes behind them: it is remembered longer. */
  addObjects(ids: Iterable<ObjectId>): void {
    for (const id of ids) this.#objects.add(id)
    // Few at a time: forgotten at once, all would be sent again at once. And not one by one: V8 finds the oldest of a set
    // behind the places of all that were deleted before it.
    const { objects } = this.#limits
    if (this.#objects.size > objects * (1 + SPARE_SHARE)) this.#forgetObjects(objects)
  }

  addCheckpoint(namespace: string, checkpointId: string, seen: RememberedCheckpoint): void {
    const name = checkpointName(namespace, checkpointId)
    const own = { manifest: ownManifest(seen.manifest), versions: seen.versions }
    const costBytes = costOf(own)
    this.#forgetCheckpoint(name)
    this.#checkpoints.set(name, { ...own, costBytes })
    this.#costBytes += costBytes
    this.#forgetExcess()
  }

  #forgetObjects(most: number): void {
    for (const oldest of this.#objects) {
      if (this.#objects.size <= most) break
      this.#objects.delete(oldest)
    }
  }

  /** The oldest go first. */
  #forgetExcess(): void {
    const { namespaces, checkpoints, bytes } = this.#limits
    const most = (count: number, least: number): number => (this.#costBytes > bytes ? least : count)
    for (const name of this.#checkpoints.keys()) {
      if (this.#checkpoints.size <= most(checkpoints, idle.checkpoints)) break
      this.#forgetCheckpoint(name)
    }
    for (const namespace of this.#tops.keys()) {
      if (this.#tops.size <= most(namespaces, idle.namespaces)) break
      this.#forgetTops(namespace)
    }
    for (const namespace of this.#heads.keys()) {
      if (this.#heads.size <= namespaces) break
      this.#heads.delete(namespace)
    }
  }

  #forgetCheckpoint(name: string): void {
    this.#costBytes -= this.#checkpoints.get(name)?.costBytes ?? 0
    this.#checkpoints.delete(name)
  }

  #forgetTops(namespace: string): void {
    this.#costBytes -= this.tops(namespace).size * ID_BYTES
    this.#tops.delete(namespace)
  }
}

function costOf({ manifest, versions }: RememberedCheckpoint): number {
  let cost = CHECKPOINT_BYTES
  for (const version of versions.values())
    cost += CHANNEL_BYTES + (typeof version === 'string' ? sizeOfText(version) : 0)
  for (const valueRef of manifest.values()) {
    if (valueRef.kind === 'inline') {
      const { bytes, refs } = valueRef.fragment
      cost += FRAGMENT_BYTES + BYTES_OVERHEAD + bytes.length + refs.length * ID_BYTES
    } else cost += ID_BYTES
  }
  return cost
}

/** What stays in the record itself was cut out of something larger, which would be kept with it. */
function ownManifest(manifest: Manifest): Manifest {
  const own = new Map<string, ValueRef>()
  for (const [channel, valueRef] of manifest) own.set(channel, ownValueRef(valueRef))
  return own
}

function ownValueRef(valueRef: ValueRef): ValueRef {
  if (valueRef.kind === 'object' || isDetached(valueRef.fragment.bytes)) return valueRef
  return { kind: 'inline', fragment: { ...valueRef.fragment, bytes: detach(valueRef.fragment.bytes) } }
}

function checkpointName(namespace: string, checkpointId: string): string {
  return JSON.stringify([namespace, checkpointId])
}
