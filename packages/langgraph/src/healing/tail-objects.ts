import type { ObjectId } from '@cairnkit/core'
import type { NewObject } from '../engine/objects/new-object.js'

/** What an object costs beyond itself: its places in maps. */
export const OVERHEAD_BYTES = 200

/** Objects that are kept as long as something refers to them: a record, or an object that is kept. */
export class TailObjects {
  readonly #objects = new Map<ObjectId, NewObject>()
  /** By how many records and kept objects something is referred to, kept or not. Nothing refers to itself in a circle. */
  readonly #referrers = new Map<ObjectId, number>()
  #bytes = 0

  get bytes(): number {
    return this.#bytes
  }

  has(id: ObjectId): boolean {
    return this.#objects.has(id)
  }

  get(id: ObjectId): NewObject | undefined {
    return this.#objects.get(id)
  }

  /** Keeps an object that is not kept yet, although nothing refers to it so far. */
  add(object: NewObject): void {
    this.#objects.set(object.id, object)
    this.#bytes += object.costBytes + OVERHEAD_BYTES
    this.refer(object.refs)
  }

  /** Somebody refers to these from now on. */
  refer(ids: Iterable<ObjectId>): void {
    for (const id of ids) this.#referrers.set(id, (this.#referrers.get(id) ?? 0) + 1)
  }

  /** Somebody does not refer to these any more. */
  release(ids: Iterable<ObjectId>): void {
    for (const id of ids) {
      const left = (this.#referrers.get(id) ?? 0) - 1
      if (left > 0) {
        this.#referrers.set(id, left)
      } else {
        this.#referrers.delete(id)
        this.forgetUnreferred(id)
      }
    }
  }

  /** Forgets an object that nothing refers to, and what only it referred to. */
  forgetUnreferred(id: ObjectId): void {
    const object = this.#objects.get(id)
    if (object === undefined || this.#referrers.has(id)) return
    this.#objects.delete(id)
    this.#bytes -= object.costBytes + OVERHEAD_BYTES
    this.release(object.refs)
  }
}
