import { DriverFault, type ObjectId, type StoredObject } from '@cairnkit/core/driver'
import { type ObjectHead, decodeObjectHead, objectIdOf } from '../encoding/object-member.js'
import { type SplitMarker, joinParts } from '../encoding/split-value.js'
import { tag } from '../encoding/tags.js'

export interface SplitHead {
  readonly id: ObjectId
  readonly refs: readonly ObjectId[]
  readonly content: SplitMarker
}

/** The objects that one read has found so far, each once, however many of its results hold them. */
export class ObjectPool {
  readonly #objects = new Map<ObjectId, StoredObject>()
  readonly #split = new Map<ObjectId, SplitHead>()
  readonly #faults = new Map<ObjectId, DriverFault>()
  readonly #absent = new Set<ObjectId>()
  readonly #handedOut = new Set<ObjectId>()

  /**
   * Adds what a script gathered: objects, the parts of a split one behind it, and the ids that are not there. Gives how
   * many there were.
   */
  addGathered(members: readonly Uint8Array[], absent: readonly ObjectId[]): number {
    let count = absent.length
    for (const id of absent) this.#absent.add(id)
    for (let at = 0; at < members.length;) {
      const head = members[at++] as Uint8Array
      count++
      const partsFrom = at
      while (members[at]?.[0] === tag.part) at++
      this.addMember(head)
      if (at > partsFrom) this.#join(objectIdOf(head), members.slice(partsFrom, at))
    }
    return count
  }

  /** One that cannot be read is a fault when it is reached: only then is it known who refers to it. */
  addMember(member: Uint8Array): void {
    try {
      this.#add(decodeObjectHead(member))
    } catch (cause) {
      if (!DriverFault.isInstance(cause)) throw cause
      this.#faults.set(objectIdOf(member), cause)
    }
  }

  #add({ id, refs, content }: ObjectHead): void {
    if (content instanceof Uint8Array) this.#objects.set(id, { bytes: content, refs })
    else this.#split.set(id, { id, refs, content })
  }

  /** Parts that do not match are asked for once more, and are a fault then. */
  #join(id: ObjectId, parts: readonly Uint8Array[]): void {
    const head = this.#split.get(id)
    const bytes = head === undefined ? undefined : joinParts(head.content, parts)
    if (head !== undefined && bytes !== undefined) this.complete(head, bytes)
  }

  /** The bytes of a split object have come. */
  complete(head: SplitHead, bytes: Uint8Array): void {
    this.#objects.set(head.id, { bytes, refs: head.refs })
    this.#split.delete(head.id)
  }

  /** Why an object that came cannot be read. */
  faultOf(id: ObjectId): DriverFault | undefined {
    return this.#faults.get(id)
  }

  get(id: ObjectId): StoredObject | undefined {
    return this.#objects.get(id)
  }

  /** The object for one result: no two results share bytes, since the caller may change what it was given. */
  handOut(id: ObjectId, object: StoredObject): StoredObject {
    if (this.#handedOut.has(id)) return { bytes: new Uint8Array(object.bytes), refs: [...object.refs] }
    this.#handedOut.add(id)
    return object
  }

  /** An object whose parts have not been fetched. */
  splitHead(id: ObjectId): SplitHead | undefined {
    return this.#split.get(id)
  }

  /** Whether it was looked for at the instant of the read, and was not there. */
  isAbsent(id: ObjectId): boolean {
    return this.#absent.has(id)
  }
}
