import type { ObjectId } from '@cairnkit/core'
import type { NodeCache } from '../engine/node-cache.js'
import { type ObjectNode, frameNode } from '../engine/node.js'
import type { FindObjects } from './thread-write.js'

/** Finds objects in the cache. One that is kept as messages has no bytes there, and counts as not at hand. */
export function findOpen(cache: NodeCache, ids: readonly ObjectId[]): ReturnType<FindObjects> {
  const nodes: ObjectNode[] = []
  for (const id of ids) {
    const open = cache.get(id)
    const below = open === undefined || open.entries.length > 0 ? undefined : findOpen(cache, open.refs)
    if (open === undefined || below === undefined) return undefined
    nodes.push({ id, refs: open.refs, bytes: () => frameNode(open), below })
  }
  return nodes
}
