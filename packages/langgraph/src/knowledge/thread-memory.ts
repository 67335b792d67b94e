import type { Epoch, ObjectId } from '@cairnkit/core'
import type { SeenHead } from './seen-head.js'
import type { Manifest, Versions } from '../records/checkpoint-record.js'
import { isOwn, ownCopy } from '../engine/own-copy.js'
import type { Slot } from '../engine/placement.js'

/** What the process has seen of a checkpoint. */
export interface RememberedCheckpoint {
  readonly manifest: Manifest
  readonly versions: Versions
}

/** Where a checkpoint has the value of a channel, if it has it at this version. */
export function slotAt(
  seen: RememberedCheckpoint,
  channel: string,
  version: string | number,
): Slot | undefined {
  return seen.versions.get(channel) === version ? seen.manifest.get(channel) : undefined
}

const MAX_THREADS = 1024
/** An id takes about 90 bytes. */
const MAX_OBJECTS = 262_144
const MAX_OBJECTS_PER_THREAD = 16_384
const MAX_NAMESPACES_PER_THREAD = 16
const MAX_CHECKPOINTS_PER_THREAD = 16

/** What one thread was seen to hold under one epoch: true as long as the epoch is. */
export class ThreadKnowledge {
  readonly epoch: Epoch
  readonly #objects = new Set<ObjectId>()
  readonly #held = new Map<string, readonly ObjectId[]>()
  readonly #checkpoints = new Map<string, RememberedCheckpoint>()
  readonly #heads = new Map<string, SeenHead>()

  constructor(epoch: Epoch) {
    this.epoch = epoch
  }

  /** Objects that this process had, when it last read or wrote the namespace, with all that they reach. */
  held(namespace: string): readonly ObjectId[] {
    return this.#held.get(namespace) ?? []
  }

  hold(namespace: string, ids: readonly ObjectId[]): void {
    putLast(this.#held, namespace, ids, MAX_NAMESPACES_PER_THREAD)
  }

  /** The head of a namespace, as it was seen last. */
  head(namespace: string): SeenHead | undefined {
    return this.#heads.get(namespace)
  }

  /** `undefined`: it has changed, and is not known. */
  seeHead(namespace: string, head: SeenHead | undefined): void {
    if (head === undefined) this.#heads.delete(namespace)
    else putLast(this.#heads, namespace, head, MAX_NAMESPACES_PER_THREAD)
  }

  holds(id: ObjectId): boolean {
    return this.#objects.has(id)
  }

  get objectCount(): number {
    return this.#objects.size
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

  addObjects(ids: Iterable<ObjectId>): void {
    for (const id of ids) this.#objects.add(id)
    // Forgetting costs a resend and nothing else, so the plainest bound will do.
    if (this.#objects.size > MAX_OBJECTS_PER_THREAD) this.#objects.clear()
  }

  addCheckpoint(namespace: string, checkpointId: string, seen: RememberedCheckpoint): void {
    const own = { manifest: ownManifest(seen.manifest), versions: seen.versions }
    putLast(this.#checkpoints, checkpointName(namespace, checkpointId), own, MAX_CHECKPOINTS_PER_THREAD)
  }
}

/**
 * What this process knows of threads, so that it need not send or ask again. Bounded; only ever a shortcut: a commit that
 * relies on it checks the epoch, and is made anew in full when the check fails.
 */
export class ThreadMemory {
  readonly #threads = new Map<string, ThreadKnowledge>()
  #objectCount = 0

  recall(threadId: string): ThreadKnowledge | undefined {
    return this.#threads.get(threadId)
  }

  /**
   * What is known of a thread, now that these objects of it were seen under `epoch`. What was known under another epoch is
   * forgotten.
   */
  learn(threadId: string, epoch: Epoch, objects: Iterable<ObjectId>): ThreadKnowledge {
    const known = this.#threads.get(threadId)
    const current = known?.epoch === epoch ? known : new ThreadKnowledge(epoch)
    this.forget(threadId)
    current.addObjects(objects)
    this.#threads.set(threadId, current)
    this.#objectCount += current.objectCount
    for (const oldest of this.#threads.keys()) {
      if (this.#threads.size <= MAX_THREADS && this.#objectCount <= MAX_OBJECTS) break
      this.forget(oldest)
    }
    return current
  }

  forget(threadId: string): void {
    this.#objectCount -= this.#threads.get(threadId)?.objectCount ?? 0
    this.#threads.delete(threadId)
  }
}

/** What stays in the record itself was cut out of something larger, which would be kept with it. */
function ownManifest(manifest: Manifest): Manifest {
  const own = new Map<string, Slot>()
  for (const [channel, slot] of manifest) own.set(channel, ownSlot(slot))
  return own
}

function ownSlot(slot: Slot): Slot {
  if (slot.kind === 'object' || isOwn(slot.node.bytes)) return slot
  return { kind: 'inline', node: { ...slot.node, bytes: ownCopy(slot.node.bytes) } }
}

function checkpointName(namespace: string, checkpointId: string): string {
  return JSON.stringify([namespace, checkpointId])
}

/** Makes an entry the newest, and drops the oldest beyond `max`. */
function putLast<K, V>(map: Map<K, V>, key: K, value: V, max: number): void {
  map.delete(key)
  map.set(key, value)
  if (map.size > max) map.delete(map.keys().next().value as K)
}
