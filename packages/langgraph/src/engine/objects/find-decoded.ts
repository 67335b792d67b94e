import type { ObjectId } from '@cairnkit/core'
import { fragmentType } from '../fragments/fragment-types.js'
import { frameFragment } from '../fragments/fragment.js'
import type { DecodedObject } from './decoded-object.js'
import { bodyOf } from './message-body.js'
import { packFrame } from './message-list.js'
import type { NewObject } from './new-object.js'

/** Finds objects with all that they reach; `undefined` when a part of that is not there. */
export function findDecoded(
  there: { get(id: ObjectId): DecodedObject | undefined },
  ids: readonly ObjectId[],
): readonly NewObject[] | undefined {
  const found: NewObject[] = []
  for (const id of ids) {
    const decoded = there.get(id)
    const children = decoded && findDecoded(there, decoded.refs)
    if (decoded === undefined || children === undefined) return undefined
    const { refs, entries, costBytes } = decoded
    found.push({ id, refs, bytes: () => bytesOf(decoded), children, entries, costBytes })
  }
  return found
}

/** Messages are kept as such, and written as they were. */
function bytesOf(decoded: DecodedObject): Uint8Array {
  const [first] = decoded.entries
  if (decoded.type === fragmentType.pack) return packFrame(decoded.entries)
  return first === undefined ? frameFragment(decoded) : bodyOf(first).bytes()
}
