import { type ObjectId, objectId } from '@cairnkit/core'
import { BYTES_OVERHEAD } from '../bounds/memory-size.js'
import type { MessageEntry } from './message-entry.js'

/**
 * One piece of a stored value: what kind of bytes they are, the bytes, and the objects they refer to. A node lies in a
 * record of the thread, or is an object of its own.
 */
export interface Node {
  readonly type: string
  readonly bytes: Uint8Array
  readonly refs: readonly ObjectId[]
}

/** A node that is stored as an object. Its bytes are made only when they have to be sent. */
export interface ObjectNode {
  readonly id: ObjectId
  readonly refs: readonly ObjectId[]
  /** The framed node. */
  readonly bytes: () => Uint8Array
  /** The nodes of `refs`, as far as they may be new. */
  readonly below: readonly ObjectNode[]
  /** What a reader makes of the bytes, where the writer has it at hand: see `OpenNode.entries`. */
  readonly entries?: readonly MessageEntry[]
  /** What it takes to keep it, without what is below. */
  readonly costBytes: number
}

/** A value in pieces: the node it begins with, and the objects right below it. */
export interface EncodedValue {
  readonly node: Node
  readonly below: readonly ObjectNode[]
}

/**
 * The nodes that `tops` are and reach, each once and behind what it reaches. Where one `isKnown`, all that it reaches is
 * known too and not looked at: of a long list that grew by a message, a turn looks at what is new.
 */
export function unknownOf(
  tops: Iterable<ObjectNode>,
  isKnown: (id: ObjectId) => boolean,
): ReadonlyMap<ObjectId, ObjectNode> {
  const found = new Map<ObjectId, ObjectNode>()
  const visit = (node: ObjectNode): void => {
    if (found.has(node.id) || isKnown(node.id)) return
    for (const each of node.below) visit(each)
    found.set(node.id, node)
  }
  for (const top of tops) visit(top)
  return found
}

/** The longest name of a type, in bytes. */
const MAX_TYPE_BYTES = 255

/** A node as the bytes of an object: the length of the type, the type, the bytes. So the type is part of the identity. */
export function frameNode(node: Node): Uint8Array {
  const type = Buffer.from(node.type, 'utf8')
  if (type.length > MAX_TYPE_BYTES) {
    throw new TypeError(`The serializer named a type of ${type.length} bytes; ${MAX_TYPE_BYTES} is the most`)
  }
  return Buffer.concat([Uint8Array.of(type.length), type, node.bytes])
}

export function unframeNode(object: {
  readonly bytes: Uint8Array
  readonly refs: readonly ObjectId[]
}): Node {
  const typeEnd = 1 + (object.bytes[0] ?? 0)
  return {
    type: Buffer.from(object.bytes.subarray(1, typeEnd)).toString('utf8'),
    bytes: object.bytes.subarray(typeEnd),
    refs: object.refs,
  }
}

export function objectNodeOf(node: Node, below: readonly ObjectNode[] = []): ObjectNode {
  const framed = frameNode(node)
  return {
    id: objectId(framed, node.refs),
    refs: node.refs,
    bytes: () => framed,
    below,
    costBytes: costOfNode(framed.length, node.refs.length),
  }
}

/** An object with its id, its place in a map, and what points to it. */
export const NODE_BYTES = 250

const REF_BYTES = 16

/** What it takes to keep a node as bytes. The ids that it refers to are mostly the names of other nodes. */
export function costOfNode(byteCount: number, refCount: number): number {
  return NODE_BYTES + BYTES_OVERHEAD + byteCount + refCount * REF_BYTES
}

/** Bytes that were made already, for the first who asks: nobody else keeps them, and they can be made again. */
export function madeOnce(made: Uint8Array, again: () => Uint8Array): () => Uint8Array {
  let kept: Uint8Array | undefined = made
  return () => {
    const bytes = kept ?? again()
    kept = undefined
    return bytes
  }
}
