import type { ObjectId } from '@cairnkit/core'
import { hashOf } from './hash-of.js'
import type { MessageEntry } from './message-entry.js'
import { nodeType } from './node-types.js'
import { type ObjectNode, objectNodeOf } from './node.js'

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

export interface EncodedList {
  readonly root: ObjectNode
  /** Every object that the root reaches. */
  readonly objects: readonly ObjectNode[]
}

/**
 * Makes the nodes of lists, and remembers the packs of late, so that an unchanged run is neither written out nor hashed
 * again.
 */
export class MessageListWriter {
  /** By the id of the first message, or its body where it has none. */
  readonly #packs = new Map<string, Pack>()
  readonly #maxBytes: number
  #costBytes = 0

  /** `maxBytes` bounds what is remembered; 0 remembers nothing. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  get costBytes(): number {
    return this.#costBytes
  }

  encode(entries: readonly MessageEntry[]): EncodedList {
    const objects: ObjectNode[] = []
    const { closed, open: tail } = cut(entries, packRule, (entry) => entry.cutHash)
    const spine: ObjectNode[] = []
    let level: readonly ObjectNode[] = closed.map((run) => this.#pack(run))
    // From the packs upwards; what is open on a level stands behind what is closed above it.
    while (level.length > 0) {
      objects.push(...level)
      const { closed: runs, open } = cut(level, branchRule, (node) => hashOf(node.id))
      spine.unshift(...open)
      level = runs.map((run) =>
        objectNodeOf({ type: nodeType.branch, bytes: NO_BYTES, refs: run.map((node) => node.id) }),
      )
    }
    for (const entry of tail) objects.push(entry.body)
    const header = [spine.length, ...tail.map((entry) => entry.messageId ?? null)]
    const root = objectNodeOf({
      type: nodeType.list,
      bytes: Buffer.from(JSON.stringify(header), 'utf8'),
      refs: [...spine.map((node) => node.id), ...tail.map((entry) => entry.bodyId)],
    })
    return { root, objects }
  }

  #pack(entries: readonly MessageEntry[]): ObjectNode {
    const { name } = entries[0] as MessageEntry
    const known = this.#packs.get(name)
    if (known !== undefined && sameEntries(known.entries, entries)) {
      // The next comparison is by identity.
      known.entries = entries
      return known.node
    }
    const whole = packNode(entries)
    const node: ObjectNode = { ...objectNodeOf(whole), entries }
    // The bytes can be made again, so they need not be kept.
    const remembered = { ...node, bytes: () => objectNodeOf(packNode(entries)).bytes() }
    const costBytes = whole.bytes.length * PARSED_FACTOR + OVERHEAD_BYTES
    this.#remember(name, { entries, node: remembered, costBytes })
    return node
  }

  #remember(name: string, pack: Pack): void {
    if (pack.costBytes > this.#maxBytes) return
    this.#forget(name)
    this.#packs.set(name, pack)
    this.#costBytes += pack.costBytes
    for (const oldest of this.#packs.keys()) {
      if (this.#costBytes <= this.#maxBytes) return
      this.#forget(oldest)
    }
  }

  #forget(name: string): void {
    this.#costBytes -= this.#packs.get(name)?.costBytes ?? 0
    this.#packs.delete(name)
  }
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

function packNode(entries: readonly MessageEntry[]): { type: string; bytes: Uint8Array; refs: [] } {
  return { type: nodeType.pack, bytes: Buffer.from(JSON.stringify(entries), 'utf8'), refs: [] }
}

function sameEntries(left: readonly MessageEntry[], right: readonly MessageEntry[]): boolean {
  if (left.length !== right.length) return false
  for (let at = 0; at < left.length; at++) {
    if (left[at] !== right[at] && left[at]?.equals(right[at] as MessageEntry) !== true) return false
  }
  return true
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
