import { type ObjectId, objectId } from '@cairnkit/core'
import { fragmentType } from '../fragments/fragment-types.js'
import { type Fragment, frameFragment } from '../fragments/fragment.js'
import { takeOnce } from '../fragments/take-once.js'
import type { KnownIndex, KnownPack, KnownPiece } from '../messages/known-piece.js'
import type { MessageEntry } from '../messages/message-entry.js'
import { knownIndexAt, knownPackAt, rememberIndex, rememberPack } from './known-pieces.js'
import { bodyOf } from './message-body.js'
import { type NewObject, OBJECT_BYTES, costOfObject, newObjectOf } from './new-object.js'

/**
 * A long list of messages is cut into packs, and the list of packs into indexes, and so on, where the content says so:
 * a list that shares a run of messages with another shares the packs of that run, whatever was appended, removed or
 * inserted elsewhere. The messages behind the last cut are objects of their own, so that a turn writes the new messages
 * and little else.
 */
interface CutRule {
  readonly min: number
  readonly max: number
}

/** On average a cut comes `min` + 8 items after the last one. */
const packRule: CutRule = { min: 4, max: 32 }
const indexRule: CutRule = { min: 4, max: 32 }
const CUT_MASK = 0b111

/** A pack or an index of a list that is being written. */
interface Piece {
  readonly known: KnownPiece
  readonly object: NewObject
}

/**
 * The objects of a list of one message or more. What is known of its packs and indexes is neither written out nor hashed
 * again.
 */
export function encodeList(entries: readonly MessageEntry[]): NewObject {
  const packs: Piece[] = []
  let from = 0
  for (;;) {
    const known = knownPackAt(entries, from)
    // A cut depends on what stands since the last one, so what was a pack is one.
    const end = known === undefined ? endOfRun(entries, from, packRule) : from + known.serials.length
    if (end === undefined) break
    const run = entries.slice(from, end)
    packs.push(known === undefined ? newPack(run) : { known, object: packObject(known, run) })
    from = end
  }
  return listObject(closedPartOver(packs), entries.slice(from))
}

function newPack(run: readonly MessageEntry[]): Piece {
  const frame = packFrame(run)
  const known = rememberPack(run, objectId(frame))
  const bytes = takeOnce(frame, () => packFrame(run))
  return { known, object: packObject(known, run, bytes) }
}

function packObject(
  { id, costBytes }: KnownPack,
  entries: readonly MessageEntry[],
  bytes: () => Uint8Array = () => packFrame(entries),
): NewObject {
  return { id, refs: [], bytes, children: [], entries, costBytes: OBJECT_BYTES + costBytes }
}

/** From the packs upwards; what is open on a level stands behind what is closed above it. */
function closedPartOver(packs: readonly Piece[]): readonly NewObject[] {
  const closedPart: NewObject[] = []
  let level = packs
  while (level.length > 0) {
    const pieces = level.map(({ known }) => known)
    const above: Piece[] = []
    let from = 0
    for (;;) {
      const known = knownIndexAt(pieces, from)
      const end = known === undefined ? endOfRun(pieces, from, indexRule) : from + known.refs.length
      if (end === undefined) break
      above.push(indexOver(level.slice(from, end), known))
      from = end
    }
    closedPart.unshift(...level.slice(from).map(({ object }) => object))
    level = above
  }
  return closedPart
}

const INDEX: Omit<Fragment, 'refs'> = { type: fragmentType.index, bytes: new Uint8Array(0) }

function indexOver(run: readonly Piece[], known: KnownIndex | undefined): Piece {
  const children = run.map(({ object }) => object)
  if (known !== undefined) {
    const { id, refs } = known
    const bytes = (): Uint8Array => frameFragment({ ...INDEX, refs })
    return { known, object: { id, refs, bytes, children, costBytes: costOfObject(0, refs.length) } }
  }
  const refs = children.map(({ id }) => id)
  const object = newObjectOf({ ...INDEX, refs }, children)
  return { known: rememberIndex((run[0] as Piece).known, refs, object.id), object }
}

function listObject(closedPart: readonly NewObject[], openPart: readonly MessageEntry[]): NewObject {
  const children = [...closedPart, ...openPart.map(bodyOf)]
  const header = [closedPart.length, ...openPart.map((entry) => entry.messageId ?? null)]
  const bytes = Buffer.from(JSON.stringify(header), 'utf8')
  return newObjectOf({ type: fragmentType.list, bytes, refs: children.map(({ id }) => id) }, children)
}

/** The parts of a list. */
export interface ListParts {
  /** Packs and indexes. */
  readonly closedPart: readonly ObjectId[]
  /** The messages behind the last cut. */
  readonly openPart: readonly { readonly bodyId: ObjectId; readonly messageId: string | undefined }[]
}

/** The parts of a list by its header, `undefined` if it is none. */
export function parseList(header: unknown, refs: readonly ObjectId[]): ListParts | undefined {
  if (!Array.isArray(header)) return undefined
  const [closedLength, ...messageIds]: unknown[] = header
  if (typeof closedLength !== 'number' || closedLength + messageIds.length !== refs.length) return undefined
  return {
    closedPart: refs.slice(0, closedLength),
    openPart: refs.slice(closedLength).map((bodyId, at) => {
      const messageId = messageIds[at]
      return { bodyId, messageId: typeof messageId === 'string' ? messageId : undefined }
    }),
  }
}

/** The object of a pack. */
export function packFrame(entries: readonly MessageEntry[]): Uint8Array {
  const bytes = Buffer.from(JSON.stringify(entries), 'utf8')
  return frameFragment({ type: fragmentType.pack, bytes, refs: [] })
}

/** Where the run ends that begins at `from`: behind the first item whose hash says so. `undefined`: it is still open. */
function endOfRun(
  items: readonly { readonly cutHash: number }[],
  from: number,
  rule: CutRule,
): number | undefined {
  for (let at = from; at < items.length; at++) {
    const length = at + 1 - from
    if (length >= rule.max || (length >= rule.min && ((items[at]?.cutHash ?? 0) & CUT_MASK) === 0))
      return at + 1
  }
  return undefined
}
