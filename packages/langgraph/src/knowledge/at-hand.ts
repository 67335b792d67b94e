import type { ObjectId } from '@cairnkit/core'
import type { DecodedObject } from '../engine/objects/decoded-object.js'
import type { ObjectCache } from '../engine/objects/object-cache.js'

/**
 * How many objects of a namespace are remembered, and how many a read names, at the most. These bound the memory and the
 * command: to name an object costs less than to have it sent.
 */
const MAX_TOPS = 1024
const MAX_NAMED = 4096

/**
 * What to look for when the namespace is read next: the objects at the top, which stand for all below them. What is
 * unchanged is found by its root; the parts of a root come behind all roots.
 */
export function topsOf(cache: ObjectCache, roots: readonly ObjectId[]): ReadonlySet<ObjectId> {
  const tops = new Set(roots)
  // A list that grew is a new object over the old parts.
  for (const root of roots) for (const id of cache.peek(root)?.refs ?? []) tops.add(id)
  return tops.size <= MAX_TOPS ? tops : new Set([...tops].slice(0, MAX_TOPS))
}

/** What the storage need not send, because the process has it. */
export interface AtHand {
  /** The objects to name: each stands for all that it reaches. */
  readonly ids: readonly ObjectId[]
  /** All of them, and what they reach: whatever the cache drops meanwhile. */
  readonly objects: ReadonlyMap<ObjectId, DecodedObject>
}

/** What is at hand of these objects and of what they reach. Where something is missing, the rest is named piece by piece. */
export function atHand(cache: ObjectCache, tops: ReadonlySet<ObjectId>): AtHand {
  const objects = new Map<ObjectId, DecodedObject>()
  const whole = new Map<ObjectId, boolean>()
  const collect = (id: ObjectId): boolean => {
    const seen = whole.get(id)
    if (seen !== undefined) return seen
    let isWhole = true
    for (const ref of cache.peek(id)?.refs ?? []) isWhole = collect(ref) && isWhole
    // Behind what is below it: what leads to others is dropped after them.
    const object = cache.get(id)
    if (object === undefined) isWhole = false
    else objects.set(id, object)
    whole.set(id, isWhole)
    return isWhole
  }
  const ids = new Set<ObjectId>()
  const name = (id: ObjectId): void => {
    if (whole.get(id) === true) ids.add(id)
    else for (const ref of objects.get(id)?.refs ?? []) name(ref)
  }
  for (const id of tops) collect(id)
  for (const id of tops) name(id)
  return { ids: [...ids].slice(0, MAX_NAMED), objects }
}
