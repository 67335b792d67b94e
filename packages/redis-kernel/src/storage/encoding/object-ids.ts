import { OBJECT_ID_BYTES, type ObjectId } from '@cairnkit/core/driver'

/** Ids one behind the other: a client spends more on each argument of a command than on its bytes. */
export function concatIds(ids: readonly ObjectId[]): Uint8Array {
  const bytes = Buffer.allocUnsafe(ids.length * OBJECT_ID_BYTES)
  ids.forEach((id, at) => bytes.write(id, at * OBJECT_ID_BYTES, 'hex'))
  return bytes
}
