import type { ObjectId } from '@cairnkit/core'
import { BoundedMap } from '../../bounds/bounded-map.js'
import type { DecodedObject } from './decoded-object.js'

/**
 * Objects by their id; those that were not used of late are dropped first. An id fixes its bytes, so nothing in here can
 * be stale; it holds no names of threads, and an object that two threads share is one.
 */
export class ObjectCache {
  readonly #objects: BoundedMap<ObjectId, DecodedObject>

  /** `maxBytes` of 0 keeps nothing. */
  constructor(maxBytes: number) {
    this.#objects = new BoundedMap(maxBytes)
  }

  get costBytes(): number {
    return this.#objects.costBytes
  }

  /** A call begins: what it asks for is not dropped for what it adds. */
  startUse(): void {
    this.#objects.startUse()
  }

  get(id: ObjectId): DecodedObject | undefined {
    return this.#objects.get(id)
  }

  /** Does not count as a use. */
  peek(id: ObjectId): DecodedObject | undefined {
    return this.#objects.peek(id)
  }

  set(id: ObjectId, object: DecodedObject): void {
    // What leads to others is small, and without it they are not found.
    if (object.refs.length > 0) this.#objects.set(id, object, object.costBytes)
    else this.#objects.offer(id, object, object.costBytes)
  }
}
