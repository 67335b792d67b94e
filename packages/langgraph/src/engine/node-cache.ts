import type { ObjectId } from '@cairnkit/core'
import { MessageEntry } from './message-entry.js'
import { nodeType } from './node-types.js'
import type { Node } from './node.js'
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

/** What an entry of the cache costs beyond its bytes, and how much larger parsed JSON is than its text; both by estimate. */
const OVERHEAD_BYTES = 256
const PARSED_FACTOR = 2

const NO_BYTES = new Uint8Array(0)

/**
 * Opens the node of an object; `undefined` if its bytes are not of its type. The bytes are copied or not kept. Whoever
 * wrote the node may pass the messages in it, and spare the parsing.
 */
export function openNode(node: Node, id: ObjectId, written?: readonly MessageEntry[]): OpenNode | undefined {
  const costBytes = node.bytes.length * PARSED_FACTOR + node.refs.length * 32 + OVERHEAD_BYTES
  if (node.type !== nodeType.pack && node.type !== nodeType.message) {
    return { type: node.type, refs: node.refs, bytes: ownCopy(node.bytes), entries: [], costBytes }
  }
  const entries = written ?? parseEntries(node, id)
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
 * Nodes by their id; those that were not used of late are dropped first. An id fixes its bytes, so nothing in here can
 * be stale; it holds no names of threads, and a node that two threads share is one.
 *
 * Kept in two generations, each of half the size: when the young one is full it becomes the old one, and the old one is
 * dropped. Using a node costs a look-up then, and not a new place in a queue.
 */
export class NodeCache {
  readonly #maxBytes: number
  /** Used since the last turn of generations, and used before it. */
  #young = new Map<ObjectId, OpenNode>()
  #old: ReadonlyMap<ObjectId, OpenNode> = new Map()
  #youngBytes = 0
  #oldBytes = 0

  /** `maxBytes` of 0 keeps nothing. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  get costBytes(): number {
    return this.#youngBytes + this.#oldBytes
  }

  get(id: ObjectId): OpenNode | undefined {
    const young = this.#young.get(id)
    if (young !== undefined) return young
    const old = this.#old.get(id)
    if (old !== undefined) this.set(id, old)
    return old
  }

  set(id: ObjectId, node: OpenNode): void {
    const generationBytes = this.#maxBytes / 2
    if (node.costBytes > generationBytes) return
    const added = node.costBytes - (this.#young.get(id)?.costBytes ?? 0)
    if (this.#youngBytes + added > generationBytes) {
      this.#old = this.#young
      this.#oldBytes = this.#youngBytes
      this.#young = new Map()
      this.#youngBytes = 0
    }
    this.#youngBytes += node.costBytes - (this.#young.get(id)?.costBytes ?? 0)
    this.#young.set(id, node)
  }
}
