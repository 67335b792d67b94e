import {
  OBJECT_ID_BYTES,
  type ObjectId,
  corrupt,
  decodeStoredValue,
  describeObject,
  encodeStoredValue,
} from '@cairnkit/core/driver'
import { concatBytes, viewOf } from './bytes.js'
import { type SplitMarker, encodeParts, decodeMarker, encodeMarker } from './split-value.js'
import { kind, tag } from './tags.js'

export interface ObjectToStore {
  readonly id: ObjectId
  readonly bytes: Uint8Array
  readonly refs?: readonly ObjectId[]
}

/** An object whose bytes lie in parts of their own. */
export interface SplitObject {
  readonly head: Uint8Array
  /** What the parts are named by. */
  readonly token: Uint8Array
  readonly parts: readonly Uint8Array[]
}

/** What the `o` member of an object says. */
export interface ObjectHead {
  readonly id: ObjectId
  readonly refs: readonly ObjectId[]
  /** Its bytes, or where to find them. */
  readonly content: Uint8Array | SplitMarker
}

const NAME_FROM = 1
const STORED_FROM = NAME_FROM + OBJECT_ID_BYTES + 1

export function encodeWhole(object: ObjectToStore): Uint8Array {
  return encodeHead(object, kind.whole, object.bytes)
}

export function encodeSplit(object: ObjectToStore, token: Uint8Array, maxPartBytes: number): SplitObject {
  const parts = encodeParts(token, object.bytes, maxPartBytes)
  const marker = encodeMarker(token, object.bytes, parts.length)
  return { head: encodeHead(object, kind.split, marker), token, parts }
}

/** Says of parts that they wait for the commit of this object. */
export function encodeNote(token: Uint8Array, id: ObjectId): Uint8Array {
  return concatBytes(tag.note, token, Buffer.from(id, 'hex'))
}

/** Which object an `o` member is, whatever else is to be made of it. */
export function objectIdOf(member: Uint8Array): ObjectId {
  return viewOf(member).toString('hex', NAME_FROM, NAME_FROM + OBJECT_ID_BYTES)
}

/** Throws a `corrupt` or `format` fault that names the object. */
export function decodeObjectHead(member: Uint8Array): ObjectHead {
  const id = objectIdOf(member)
  const name = member.subarray(NAME_FROM, STORED_FROM)
  const what = (): string => describeObject(id)
  const { bytes, refs } = decodeStoredValue(name, member.subarray(STORED_FROM), what)
  const of = member[STORED_FROM - 1]
  if (of === kind.whole) return { id, refs, content: new Uint8Array(bytes) }
  if (of === kind.split) return { id, refs, content: decodeMarker(bytes, what) }
  throw corrupt(`${what()} is of a kind that was never written`)
}

function encodeHead(object: ObjectToStore, of: number, bytes: Uint8Array): Uint8Array {
  const name = new Uint8Array(STORED_FROM - NAME_FROM)
  viewOf(name).write(object.id, 'hex')
  name[OBJECT_ID_BYTES] = of
  const member = encodeStoredValue(name, { bytes, refs: object.refs }, STORED_FROM)
  member[0] = tag.object
  member.set(name, NAME_FROM)
  return member
}
