import type { ObjectId } from '@cairnkit/core'

/**
 * One piece of a stored value: what kind of bytes they are, the bytes, and the objects they refer to. A fragment lies in a
 * record of the thread, or is an object of its own.
 */
export interface Fragment {
  readonly type: string
  readonly bytes: Uint8Array
  readonly refs: readonly ObjectId[]
}

/** The longest name of a type, in bytes. */
const MAX_TYPE_BYTES = 255

/** A fragment as the bytes of an object: the length of the type, the type, the bytes. So the type is part of the identity. */
export function frameFragment(fragment: Fragment): Uint8Array {
  const type = Buffer.from(fragment.type, 'utf8')
  if (type.length > MAX_TYPE_BYTES) {
    throw new TypeError(`The serializer named a type of ${type.length} bytes; ${MAX_TYPE_BYTES} is the most`)
  }
  return Buffer.concat([Uint8Array.of(type.length), type, fragment.bytes])
}

export function unframeFragment(object: {
  readonly bytes: Uint8Array
  readonly refs: readonly ObjectId[]
}): Fragment {
  const typeEnd = 1 + (object.bytes[0] ?? 0)
  return {
    type: Buffer.from(object.bytes.subarray(1, typeEnd)).toString('utf8'),
    bytes: object.bytes.subarray(typeEnd),
    refs: object.refs,
  }
}
