import type { StoredRecord } from '@cairnkit/core'
import { parseRecordKey } from './keys.js'
import { EnvelopeWriter, openEnvelope } from './record-envelope.js'
import { type StoredPlace, partOf, storedDataError } from './stored-data-error.js'

/**
 * That the head of a namespace is another checkpoint than the one with the largest id: it was put on the head by a machine
 * whose clock is behind. It stands in the group of the checkpoint with the largest id, so it counts for as long as that one
 * is the largest, and costs nothing where clocks agree.
 */
export interface HeadMove {
  /** The last element of its key: a number that grows with each move, and the id. Unique, and the last one counts. */
  readonly element: string
  readonly headId: string
}

const NUMBER_DIGITS = 8

export function moveAfter(previous: HeadMove | undefined, headId: string): HeadMove {
  const number = previous === undefined ? 1 : Number(previous.element.slice(0, NUMBER_DIGITS)) + 1
  return { element: `${String(number).padStart(NUMBER_DIGITS, '0')}:${headId}`, headId }
}

/** `partition`: where the move is going to be stored. Everything that it says is in its key. */
export function encodeHeadMove(partition: string): { readonly bytes: Uint8Array } {
  return { bytes: new EnvelopeWriter().finish({}, partition).bytes }
}

/** The move that counts, of the records of a checkpoint's group in the order of their keys. Throws a `StorageError`. */
export function lastMoveOf(members: readonly StoredRecord[], place: StoredPlace): HeadMove | undefined {
  const last = members.findLast(({ key }) => parseRecordKey(key).kind === 'head move')
  if (last === undefined) return undefined
  const envelope = openEnvelope(last, place.partition)
  if (!envelope.ok) throw storedDataError(partOf(place, 'the head that follows'), envelope.fault)
  const element = last.key[4] ?? ''
  return { element, headId: element.slice(NUMBER_DIGITS + 1) }
}
