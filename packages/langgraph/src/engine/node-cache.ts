import type { ObjectId } from '@cairnkit/core'
import { MessageEntry } from './message-entry.js'
import { nodeType } from './node-types.js'
import type { Node } from './node.js'

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

/** What an entry of the cache costs beyond its bytes, and how much larger parsed JSON is than its text; both by estimate. */
const OVERHEAD_BYTES = 256
const PARSED_FACTOR = 2

const NO_BYTES = new Uint8Array(0)

/** Opens the node of an object; `undefined` if its bytes are not of its type. The bytes are copied or not kept. */
export function openNode(node: Node, id: ObjectId): OpenNode | undefined {
  const costBytes = node.bytes.length * PARSED_FACTOR + node.refs.length * 32 + OVERHEAD_BYTES
  if (node.type !== nodeType.pack && node.type !== nodeType.message) {
    // A view would keep alive the much larger buffer that it arrived in.
    return { type: node.type, refs: node.refs, bytes: Uint8Array.from(node.bytes), entries: [], costBytes }
  }
  const entries = parseEntries(node, id)
  return entries === undefined
    ? undefined
    : { type: node.type, refs: node.refs, bytes: NO_BYTES, entries, costBytes }
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
 * Nodes by their id, the least recently used dropped first. An id fixes its bytes, so nothing in here can be stale; it
 * holds no names of threads, and a node that two threads share is one.
 */
export class NodeCache {
  readonly #maxBytes: number
  readonly #nodes = new Map<ObjectId, OpenNode>()
  #bytes = 0

  /** `maxBytes` of 0 keeps nothing. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  get costBytes(): number {
    return this.#bytes
  }

  get(id: ObjectId): OpenNode | undefined {
    const node = this.#nodes.get(id)
    if (node === undefined) return undefined
    this.#nodes.delete(id)
    this.#nodes.set(id, node)
    return node
  }

  set(id: ObjectId, node: OpenNode): void {
    if (node.costBytes > this.#maxBytes) return
    this.#bytes += node.costBytes - (this.#nodes.get(id)?.costBytes ?? 0)
    this.#nodes.delete(id)
    this.#nodes.set(id, node)
    for (const [oldest, { costBytes }] of this.#nodes) {
      if (this.#bytes <= this.#maxBytes) return
      this.#nodes.delete(oldest)
      this.#bytes -= costBytes
    }
  }
}
