import type { ObjectId, StoredObject } from '@cairnkit/core/driver'
import { type ObjectHead, decodeObjectHead } from '../encoding/object-member.js'
import type { SplitMarker } from '../encoding/split-object.js'

export interface SplitHead {
  readonly id: ObjectId
  readonly refs: readonly ObjectId[]
  readonly content: SplitMarker
}

/** The objects that one read has found so far, each once, however many of its results hold them. */
export class ObjectPool {
  readonly #objects = new Map<ObjectId, StoredObject>()
  readonly #split = new Map<ObjectId, SplitHead>()
  readonly #absent: ReadonlySet<ObjectId>
  readonly #handedOut = new Set<ObjectId>()

  constructor(members: readonly Uint8Array[], absent: readonly ObjectId[]) {
    this.#absent = new Set(absent)
    for (const member of members) this.add(decodeObjectHead(member))
  }

  add(head: ObjectHead): void {
    const { id, refs, content } = head
    if (content instanceof Uint8Array) this.#objects.set(id, { bytes: content, refs })
    else this.#split.set(id, { id, refs, content })
  }

  /** The bytes of a split object have come. */
  complete(head: SplitHead, bytes: Uint8Array): void {
    this.#objects.set(head.id, { bytes, refs: head.refs })
    this.#split.delete(head.id)
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
