import { OBJECT_ID_BYTES, type ObjectId } from '@cairnkit/core/driver'
import { viewOf } from './bytes.js'

/** Ids one behind the other: a client spends more on each argument of a command than on its bytes. */
export function concatIds(ids: readonly ObjectId[]): Uint8Array {
  const bytes = Buffer.allocUnsafe(ids.length * OBJECT_ID_BYTES)
  ids.forEach((id, at) => bytes.write(id, at * OBJECT_ID_BYTES, 'hex'))
  return bytes
}

/** The ids that {@link concatIds} put one behind the other. */
export function idsIn(bytes: Uint8Array): ObjectId[] {
  const ids: ObjectId[] = []
  for (let at = 0; at < bytes.length; at += OBJECT_ID_BYTES)
    ids.push(viewOf(bytes).toString('hex', at, at + OBJECT_ID_BYTES))
  return ids
}
