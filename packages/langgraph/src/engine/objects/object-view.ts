import type { ObjectId, ObjectMap } from '@cairnkit/core'
import { DamagedFragment } from '../fragments/damaged-fragment.js'
import { unframeFragment } from '../fragments/fragment.js'
import { type DecodedObject, decodeObject } from './decoded-object.js'
import type { ObjectCache } from './object-cache.js'

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
  readonly #cache: ObjectCache
  readonly #arrived: ObjectMap
  readonly #open: Map<ObjectId, DecodedObject>

  /** `atHand`: what the storage was told not to send. */
  constructor(
    cache: ObjectCache,
    objects: ObjectMap,
    atHand: Iterable<readonly [ObjectId, DecodedObject]> = [],
  ) {
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
      const object = this.get(id)
      if (object === undefined) missing.push(id)
      else for (const ref of object.refs) reached.add(ref)
    }
    return missing
  }

  /** Throws `MissingObject`, or `DamagedFragment` for bytes that are damaged. */
  readonly open = (id: ObjectId): DecodedObject => {
    const object = this.get(id)
    if (object === undefined) throw new MissingObject(id)
    return object
  }

  /** The ids of all objects that were opened, each behind what it reaches. */
  get openIds(): readonly ObjectId[] {
    return [...this.#open.keys()].toReversed()
  }

  /** Opens an object; `undefined`: it is not at hand. Throws `DamagedFragment` for bytes that are damaged. */
  get(id: ObjectId): DecodedObject | undefined {
    const known = this.#open.get(id) ?? this.#cache.get(id)
    if (known !== undefined) {
      this.#open.set(id, known)
      return known
    }
    const arrived = this.#arrived.get(id)
    if (arrived === undefined) return undefined
    const opened = decodeObject(unframeFragment(arrived), id)
    if (opened === undefined) throw new DamagedFragment(`holds object ${id}, whose bytes are not of its type`)
    this.#open.set(id, opened)
    this.#cache.set(id, opened)
    return opened
  }
}
