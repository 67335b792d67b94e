import { type ObjectId, objectId } from '@cairnkit/core'
import { BYTES_OVERHEAD } from '../../bounds/memory-size.js'
import { type Fragment, frameFragment } from '../fragments/fragment.js'
import type { MessageEntry } from '../messages/message-entry.js'

/** A fragment that is stored as an object, and may be new to the thread. Its bytes are made only when they have to be sent. */
export interface NewObject {
  readonly id: ObjectId
  readonly refs: readonly ObjectId[]
  /** The framed fragment. */
  readonly bytes: () => Uint8Array
  /** The objects of `refs`, as far as they may be new. */
  readonly children: readonly NewObject[]
  /** What a reader makes of the bytes, where the writer has it at hand: see `DecodedObject.entries`. */
  readonly entries?: readonly MessageEntry[]
  /** What it takes to keep it, without its children. */
  readonly costBytes: number
}

export function newObjectOf(fragment: Fragment, children: readonly NewObject[] = []): NewObject {
  const framed = frameFragment(fragment)
  return {
    id: objectId(framed, fragment.refs),
    refs: fragment.refs,
    bytes: () => framed,
    children,
    costBytes: costOfObject(framed.length, fragment.refs.length),
  }
}

/**
 * The objects that `tops` are and reach, each once and behind what it reaches. Where one `isKnown`, all that it reaches is
 * known too and not looked at: of a long list that grew by a message, a turn looks at what is new.
 */
export function missingObjects(
  tops: Iterable<NewObject>,
  isKnown: (id: ObjectId) => boolean,
): ReadonlyMap<ObjectId, NewObject> {
  const found = new Map<ObjectId, NewObject>()
  const visit = (object: NewObject): void => {
    if (found.has(object.id) || isKnown(object.id)) return
    for (const child of object.children) visit(child)
    found.set(object.id, object)
  }
  for (const top of tops) visit(top)
  return found
}

/** An object with its id, its place in a map, and what points to it. */
export const OBJECT_BYTES = 250

const REF_BYTES = 16

/** What it takes to keep an object as bytes. The ids that it refers to are mostly the names of other objects. */
export function costOfObject(byteCount: number, refCount: number): number {
  return OBJECT_BYTES + BYTES_OVERHEAD + byteCount + refCount * REF_BYTES
}
