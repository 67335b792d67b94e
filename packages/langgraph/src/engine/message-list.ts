import { type ObjectId, objectId } from '@cairnkit/core'
import { BoundedMemory } from './bounded-memory.js'
import { hashOf } from './hash-of.js'
import type { MessageEntry } from './message-entry.js'
import { nodeType } from './node-types.js'
import { type ObjectNode, frameNode, madeOnce, objectNodeOf } from './node.js'

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

/** What a remembered pack costs beyond the text of its messages, and how much more they take parsed; both by estimate. */
const OVERHEAD_BYTES = 512
const PARSED_FACTOR = 2

interface Pack {
  entries: readonly MessageEntry[]
  readonly node: ObjectNode
  readonly costBytes: number
}

/** How a list was written of late. */
interface Written {
  entries: readonly MessageEntry[]
  readonly packs: readonly Pack[]
  /** What lies above the messages behind the last cut. */
  readonly spine: readonly ObjectNode[]
  readonly root: ObjectNode
  readonly costBytes: number
}

/**
 * Makes the nodes of lists, and remembers the lists and the packs of late: a list that begins as one did before shares
 * its cuts without looking at them, and an unchanged run of any list is neither written out nor hashed again.
 */
export class MessageListWriter {
  /** Both by the id of the first message, or its body where it has none. */
  readonly #lists: BoundedMemory<Written>
  readonly #packs: BoundedMemory<Pack>

  /** `maxBytes` bounds what is remembered; 0 remembers nothing. */
  constructor(maxBytes: number) {
    this.#lists = new BoundedMemory(maxBytes / 2)
    this.#packs = new BoundedMemory(maxBytes / 2)
  }

  get costBytes(): number {
    return this.#lists.costBytes + this.#packs.costBytes
  }

  /** Of one message or more. */
  encode(entries: readonly MessageEntry[]): ObjectNode {
    const { name } = entries[0] as MessageEntry
    const known = this.#lists.get(name)
    const shared = known === undefined ? 0 : sharedLength(known.entries, entries)
    if (known !== undefined && shared === entries.length && shared === known.entries.length) {
      // The next comparison is by identity.
      known.entries = entries
      return known.root
    }
    const packs: Pack[] = []
    let from = 0
    for (const pack of known?.packs ?? []) {
      const end = from + pack.entries.length
      if (end > shared) break
      packs.push(pack)
      from = end
    }
    // A cut depends on what stands since the last one, so the others are where they were.
    const { closed, open: tail } = cut(entries.slice(from), packRule, (entry) => entry.cutHash)
    for (const run of closed) packs.push(this.#pack(run))
    const isSame = closed.length === 0 && packs.length === known?.packs.length
    const spine = isSame && known !== undefined ? known.spine : spineOver(packs)
    const root = listNode(spine, tail)
    const costBytes = sumOf(packs) + sumOf(tail)
    this.#lists.set(name, { entries, packs, spine, root, costBytes })
    return root
  }

  /** The root with this id, if it is that of the last list that began with this message. */
  recall(first: MessageEntry, id: ObjectId): ObjectNode | undefined {
    const root = this.#lists.get(first.name)?.root
    return root?.id === id ? root : undefined
  }

  #pack(entries: readonly MessageEntry[]): Pack {
    const { name } = entries[0] as MessageEntry
    const known = this.#packs.get(name)
    if (known?.entries.length === entries.length && sharedLength(known.entries, entries) === entries.length) {
      known.entries = entries
      return known
    }
    const frame = packFrame(entries)
    const bytes = madeOnce(frame, () => packFrame(entries))
    const pack = {
      entries,
      node: { id: objectId(frame), refs: [], bytes, below: [], entries },
      costBytes: frame.length * PARSED_FACTOR + OVERHEAD_BYTES,
    }
    this.#packs.set(name, pack)
    return pack
  }
}

/** From the packs upwards; what is open on a level stands behind what is closed above it. */
function spineOver(packs: readonly Pack[]): readonly ObjectNode[] {
  const spine: ObjectNode[] = []
  let level: readonly ObjectNode[] = packs.map(({ node }) => node)
  while (level.length > 0) {
    const { closed, open } = cut(level, branchRule, (node) => hashOf(node.id))
    spine.unshift(...open)
    level = closed.map((run) =>
      objectNodeOf({ type: nodeType.branch, bytes: NO_BYTES, refs: run.map((node) => node.id) }, run),
    )
  }
  return spine
}

function listNode(spine: readonly ObjectNode[], tail: readonly MessageEntry[]): ObjectNode {
  const below = [...spine, ...tail.map((entry) => entry.body)]
  const header = [spine.length, ...tail.map((entry) => entry.messageId ?? null)]
  const bytes = Buffer.from(JSON.stringify(header), 'utf8')
  return objectNodeOf({ type: nodeType.list, bytes, refs: below.map((node) => node.id) }, below)
}

function sumOf(items: readonly { readonly costBytes: number }[]): number {
  return items.reduce((sum, { costBytes }) => sum + costBytes, 0)
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

const NO_BYTES = new Uint8Array(0)

function packFrame(entries: readonly MessageEntry[]): Uint8Array {
  const bytes = Buffer.from(JSON.stringify(entries), 'utf8')
  return frameNode({ type: nodeType.pack, bytes, refs: [] })
}

/** How many messages two lists begin with alike. */
function sharedLength(left: readonly MessageEntry[], right: readonly MessageEntry[]): number {
  const most = Math.min(left.length, right.length)
  for (let at = 0; at < most; at++) {
    if (left[at] !== right[at] && left[at]?.equals(right[at] as MessageEntry) !== true) return at
  }
  return most
}

/** Runs that end where the hash of their last item says so, and what is behind the last of them. */
function cut<T>(
  items: readonly T[],
  rule: CutRule,
  hash: (item: T) => number,
): { readonly closed: readonly (readonly T[])[]; readonly open: readonly T[] } {
  const closed: T[][] = []
  let from = 0
  items.forEach((item, at) => {
    const length = at + 1 - from
    if (length < rule.max && (length < rule.min || (hash(item) & CUT_MASK) !== 0)) return
    closed.push(items.slice(from, at + 1))
    from = at + 1
  })
  return { closed, open: items.slice(from) }
}
