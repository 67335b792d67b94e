import type { ObjectId, ObjectMap } from '@cairnkit/core'
import { type NodeCache, type OpenNode, openNode } from './node-cache.js'
import { unframeNode } from './node.js'
import { UnreadableNode } from './value-reader.js'

/** An object that something refers to and that is not there. */
export class MissingObject extends Error {
  override readonly name = 'MissingObject'

  constructor(id: ObjectId) {
    super(`refers to object ${id}, which is not there`)
  }
}

/**
 * The objects that one answer of the storage can be read with: those that came with it, and those that the process has.
 * What was opened once stays at hand as long as the view does, whatever the cache drops meanwhile.
 */
export class ObjectView {
  readonly #cache: NodeCache
  readonly #arrived: ObjectMap
  readonly #open: Map<ObjectId, OpenNode>

  /** `atHand`: what the storage was told not to send. */
  constructor(cache: NodeCache, objects: ObjectMap, atHand: Iterable<readonly [ObjectId, OpenNode]> = []) {
    this.#cache = cache
    this.#arrived = objects
    this.#open = new Map(atHand)
  }

  /** The objects that `roots` reach and that are not at hand. Whatever is at hand is opened. */
  missingFrom(roots: Iterable<ObjectId>): ObjectId[] {
    const missing: ObjectId[] = []
    const reached = new Set(roots)
    // A set also visits what is added to it meanwhile: this loop is the whole walk.
    for (const id of reached) {
      const node = this.#find(id)
      if (node === undefined) missing.push(id)
      else for (const ref of node.refs) reached.add(ref)
    }
    return missing
  }

  /** Throws `MissingObject`, or `UnreadableNode` for bytes that are damaged. */
  readonly open = (id: ObjectId): OpenNode => {
    const node = this.#find(id)
    if (node === undefined) throw new MissingObject(id)
    return node
  }

  /** The ids of all objects that were opened, each behind what it reaches. */
  get openIds(): readonly ObjectId[] {
    return [...this.#open.keys()].toReversed()
  }

  #find(id: ObjectId): OpenNode | undefined {
    const known = this.#open.get(id) ?? this.#cache.get(id)
    if (known !== undefined) {
      this.#open.set(id, known)
      return known
    }
    const object = this.#arrived.get(id)
    if (object === undefined) return undefined
    const opened = openNode(unframeNode(object), id)
    if (opened === undefined) throw new UnreadableNode(`holds object ${id}, whose bytes are not of its type`)
    this.#open.set(id, opened)
    this.#cache.set(id, opened)
    return opened
  }
}
