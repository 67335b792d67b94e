import type { ObjectId } from '@cairnkit/core'
import type { NodeCache } from '../engine/node-cache.js'

/** How many objects a reader names as held at the most: beyond that, naming them costs more than it saves. */
const MAX_HELD = 256

/** What to name as held when the namespace is read next: the objects at the top, which stand for all below them. */
export function heldBelow(cache: NodeCache, roots: Iterable<ObjectId>): ObjectId[] {
  const held = new Set<ObjectId>()
  for (const root of roots) {
    held.add(root)
    // A list that grew is a new object over the old parts.
    for (const id of cache.get(root)?.refs ?? []) held.add(id)
  }
  return [...held].slice(0, MAX_HELD)
}
