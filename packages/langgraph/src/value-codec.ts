import { type ObjectId, type StoredObject, objectId } from '@cairnkit/core'
import type { SerializerProtocol } from '@langchain/langgraph-checkpoint'
import { type StoredPlace, corruptError } from './stored-data-error.js'

/** A value as the serializer gives it, and under which name it is stored. */
export interface EncodedValue {
  readonly id: ObjectId
  readonly bytes: Uint8Array
}

/** What a serializer gives: a type and bytes. */
export interface TypedBytes {
  readonly type: string
  readonly bytes: Uint8Array
}

/**
 * Starts to serialize a value, now: the caller may change it as soon as the call that stores it has returned.
 *
 * A serializer may hand back the very bytes it was given, so bytes are copied first.
 */
export async function dump(serde: SerializerProtocol, value: unknown): Promise<TypedBytes> {
  const [type, data] = await serde.dumpsTyped(copyOfBytes(value))
  return { type, bytes: typeof data === 'string' ? Buffer.from(data, 'utf8') : data }
}

/** {@link dump}, framed as an object: the length of the type, the type, the bytes. The type is part of the identity. */
export async function encodeValue(serde: SerializerProtocol, value: unknown): Promise<EncodedValue> {
  const { type, bytes } = await dump(serde, value)
  const typeBytes = Buffer.from(type, 'utf8')
  if (typeBytes.length > 255)
    throw new TypeError(`The serializer named a type of ${typeBytes.length} bytes; 255 is the most`)
  const framed = Buffer.concat([Uint8Array.of(typeBytes.length), typeBytes, bytes])
  return { id: objectId(framed), bytes: framed }
}

/** The value of a stored object, built anew on each call. */
export async function decodeValue(
  serde: SerializerProtocol,
  object: StoredObject,
  place: StoredPlace,
): Promise<unknown> {
  const typeLength = object.bytes[0] ?? 0
  const type = Buffer.from(object.bytes.subarray(1, 1 + typeLength)).toString('utf8')
  return await load(serde, { type, bytes: object.bytes.subarray(1 + typeLength) }, place)
}

export async function load(
  serde: SerializerProtocol,
  typed: TypedBytes,
  place: StoredPlace,
): Promise<unknown> {
  // Text is decoded and forgotten; other bytes may become the value itself, and then nobody else may hold them.
  const bytes = typed.type === 'json' ? typed.bytes : new Uint8Array(typed.bytes)
  try {
    return (await serde.loadsTyped(typed.type, bytes)) as unknown
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw corruptError(
      place,
      `could not be decoded by the serializer (type ${JSON.stringify(typed.type)}): ${reason}`,
      cause,
    )
  }
}

function copyOfBytes(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return Buffer.from(value)
  return value instanceof Uint8Array ? new Uint8Array(value) : value
}
