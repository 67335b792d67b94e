import { type ObjectId, objectId } from '@cairnkit/core'
import {
  type KnownBranch,
  type KnownPack,
  type KnownPiece,
  knownBranchAt,
  knownPackAt,
  rememberBranch,
  rememberPack,
} from './known-pack.js'
import type { MessageEntry } from './message-entry.js'
import { nodeType } from './node-types.js'
import {
  NODE_BYTES,
  type Node,
  type ObjectNode,
  costOfNode,
  frameNode,
  madeOnce,
  objectNodeOf,
} from './node.js'

/**
 * A long list of messages is cut into packs, and the list of packs into branches, and so on, where the content says so:
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
const branchRule: CutRule = { min: 4, max: 32 }
const CUT_MASK = 0b111

/** A pack or a branch of a list that is being written. */
interface Piece {
  readonly known: KnownPiece
  readonly node: ObjectNode
}

/**
 * The nodes of a list of one message or more. What is known of its packs and branches is neither written out nor hashed
 * again.
 */
export function encodeList(entries: readonly MessageEntry[]): ObjectNode {
  const packs: Piece[] = []
  let from = 0
  for (;;) {
    const known = knownPackAt(entries, from)
    // A cut depends on what stands since the last one, so what was a pack is one.
    const end = known === undefined ? endOfRun(entries, from, packRule) : from + known.serials.length
    if (end === undefined) break
    const run = entries.slice(from, end)
    packs.push(known === undefined ? newPack(run) : { known, node: packNode(known, run) })
    from = end
  }
  return listNode(spineOver(packs), entries.slice(from))
}

function newPack(run: readonly MessageEntry[]): Piece {
  const frame = packFrame(run)
  const known = rememberPack(run, objectId(frame))
  return {
    known,
    node: packNode(
      known,
      run,
      madeOnce(frame, () => packFrame(run)),
    ),
  }
}

function packNode(
  { id, costBytes }: KnownPack,
  entries: readonly MessageEntry[],
  bytes: () => Uint8Array = () => packFrame(entries),
): ObjectNode {
  return { id, refs: [], bytes, below: [], entries, costBytes: NODE_BYTES + costBytes }
}

/** From the packs upwards; what is open on a level stands behind what is closed above it. */
function spineOver(packs: readonly Piece[]): readonly ObjectNode[] {
  const spine: ObjectNode[] = []
  let level = packs
  while (level.length > 0) {
    const pieces = level.map(({ known }) => known)
    const above: Piece[] = []
    let from = 0
    for (;;) {
      const known = knownBranchAt(pieces, from)
      const end = known === undefined ? endOfRun(pieces, from, branchRule) : from + known.refs.length
      if (end === undefined) break
      above.push(branchOver(level.slice(from, end), known))
      from = end
    }
    spine.unshift(...level.slice(from).map(({ node }) => node))
    level = above
  }
  return spine
}

const BRANCH: Omit<Node, 'refs'> = { type: nodeType.branch, bytes: new Uint8Array(0) }

function branchOver(run: readonly Piece[], known: KnownBranch | undefined): Piece {
  const below = run.map(({ node }) => node)
  if (known !== undefined) {
    const { id, refs } = known
    const bytes = (): Uint8Array => frameNode({ ...BRANCH, refs })
    return { known, node: { id, refs, bytes, below, costBytes: costOfNode(0, refs.length) } }
  }
  const refs = below.map(({ id }) => id)
  const node = objectNodeOf({ ...BRANCH, refs }, below)
  return { known: rememberBranch((run[0] as Piece).known, refs, node.id), node }
}

function listNode(spine: readonly ObjectNode[], tail: readonly MessageEntry[]): ObjectNode {
  const below = [...spine, ...tail.map((entry) => entry.body)]
  const header = [spine.length, ...tail.map((entry) => entry.messageId ?? null)]
  const bytes = Buffer.from(JSON.stringify(header), 'utf8')
  return objectNodeOf({ type: nodeType.list, bytes, refs: below.map((node) => node.id) }, below)
}

/** The parts of a `list` node, `undefined` if it is none. */
export function parseList(
  header: unknown,
  refs: readonly ObjectId[],
):
  | {
      readonly spine: readonly ObjectId[]
      readonly tail: readonly { readonly bodyId: ObjectId; readonly messageId: string | undefined }[]
    }
  | undefined {
  if (!Array.isArray(header)) return undefined
  const [spineLength, ...messageIds]: unknown[] = header
  if (typeof spineLength !== 'number' || spineLength + messageIds.length !== refs.length) return undefined
  return {
    spine: refs.slice(0, spineLength),
    tail: refs.slice(spineLength).map((bodyId, at) => {
      const messageId = messageIds[at]
      return { bodyId, messageId: typeof messageId === 'string' ? messageId : undefined }
    }),
  }
}

/** The object of a pack. */
export function packFrame(entries: readonly MessageEntry[]): Uint8Array {
  const bytes = Buffer.from(JSON.stringify(entries), 'utf8')
  return frameNode({ type: nodeType.pack, bytes, refs: [] })
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
