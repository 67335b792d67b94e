import type { ObjectId } from '@cairnkit/core'
import { BoundedMap } from '../bounds/bounded-map.js'
import { costOfEntries, rememberPack } from './known-pack.js'
import { MessageEntry } from './message-entry.js'
import { nodeType } from './node-types.js'
import { NODE_BYTES, type Node, costOfNode } from './node.js'
import { ownCopy } from './own-copy.js'

/** A node as it is kept for reading: messages are parsed, everything else stays bytes. */
export interface OpenNode {
  readonly type: string
  readonly refs: readonly ObjectId[]
  readonly bytes: Uint8Array
  /** The messages of a pack, or the one of a message node, without its id. */
  readonly entries: readonly MessageEntry[]
  /** What the cache counts for it. */
  readonly costBytes: number
}

const NO_BYTES = new Uint8Array(0)

/**
 * Opens the node of an object; `undefined` if its bytes are not of its type. The bytes are copied or not kept. Whoever
 * wrote the node may pass the messages in it, and spare the parsing.
 */
export function openNode(node: Node, id: ObjectId, written?: readonly MessageEntry[]): OpenNode | undefined {
  if (node.type !== nodeType.pack && node.type !== nodeType.message) {
    const costBytes = costOfNode(node.bytes.length, node.refs.length)
    return { type: node.type, refs: node.refs, bytes: ownCopy(node.bytes), entries: [], costBytes }
  }
  const entries = written ?? parseEntries(node, id)
  if (entries === undefined) return undefined
  if (node.type === nodeType.pack && entries[0]?.pack?.id !== id) rememberPack(entries, id)
  return {
    type: node.type,
    refs: node.refs,
    bytes: NO_BYTES,
    entries,
    costBytes: NODE_BYTES + costOfEntries(entries),
  }
}

function parseEntries(node: Node, id: ObjectId): readonly MessageEntry[] | undefined {
  const json: unknown = parseJson(node.bytes)
  if (node.type === nodeType.message) {
    const entry = MessageEntry.from(json, id)
    return entry === undefined ? undefined : [entry]
  }
  if (!Array.isArray(json)) return undefined
  const entries = json.map((item) => MessageEntry.from(item))
  return entries.every((entry) => entry !== undefined) ? entries : undefined
}

/** `undefined`, which is no JSON, for bytes that are none. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'))
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined
    throw cause
  }
}

/**
 * Nodes by their id; those that were not used of late are dropped first. An id fixes its bytes, so nothing in here can
 * be stale; it holds no names of threads, and a node that two threads share is one.
 */
export class NodeCache {
  readonly #nodes: BoundedMap<ObjectId, OpenNode>

  /** `maxBytes` of 0 keeps nothing. */
  constructor(maxBytes: number) {
    this.#nodes = new BoundedMap(maxBytes)
  }

  get costBytes(): number {
    return this.#nodes.costBytes
  }

  /** A call begins: what it asks for is not dropped for what it adds. */
  startUse(): void {
    this.#nodes.startUse()
  }

  get(id: ObjectId): OpenNode | undefined {
    return this.#nodes.get(id)
  }

  /** Does not count as a use. */
  peek(id: ObjectId): OpenNode | undefined {
    return this.#nodes.peek(id)
  }

  set(id: ObjectId, node: OpenNode): void {
    // What leads to others is small, and without it they are not found.
    if (node.refs.length > 0) this.#nodes.set(id, node, node.costBytes)
    else this.#nodes.offer(id, node, node.costBytes)
  }
}
