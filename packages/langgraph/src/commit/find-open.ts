import type { ObjectId } from '@cairnkit/core'
import { packFrame } from '../engine/message-list.js'
import type { NodeCache, OpenNode } from '../engine/node-cache.js'
import { nodeType } from '../engine/node-types.js'
import { type ObjectNode, frameNode } from '../engine/node.js'
import type { FindObjects } from './thread-write.js'

/** Finds objects with all that they reach in the cache. */
export function findOpen(cache: NodeCache, ids: readonly ObjectId[]): ReturnType<FindObjects> {
  const nodes: ObjectNode[] = []
  for (const id of ids) {
    const open = cache.get(id)
    const below = open && findOpen(cache, open.refs)
    if (open === undefined || below === undefined) return undefined
    nodes.push(objectNodeFrom(id, open, below))
  }
  return nodes
}

function objectNodeFrom(id: ObjectId, open: OpenNode, below: readonly ObjectNode[]): ObjectNode {
  const { refs, entries, costBytes } = open
  return { id, refs, bytes: () => bytesOf(open), below, entries, costBytes }
}

/** Messages are kept as such, and written as they were. */
function bytesOf(open: OpenNode): Uint8Array {
  const [first] = open.entries
  if (open.type === nodeType.pack) return packFrame(open.entries)
  return first === undefined ? frameNode(open) : first.body.bytes()
}
