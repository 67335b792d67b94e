import type { ObjectId, StoredRecord } from '@cairnkit/core'
import type { Slot } from './engine/placement.js'
import type { Node } from './engine/node.js'
import { type SectionsFault, decodeSections, encodeSections } from './sections.js'

/**
 * A record is a header of its own kind and the nodes that lie in it. The nodes share the references of the record: a
 * node is written with the positions of its own among them.
 */
interface Frame<Header> {
  readonly h: Header
  /** Of each node its type, and the positions of its references. */
  readonly n: readonly (readonly [type: string, ...refs: number[]])[]
}

/** Where a value is: the number of a node of this record, or the position of an object among its references. */
export type SlotHeader = readonly ['n' | 'o', number]

/** Collects the nodes and the references of a record that is being written. */
export class FrameWriter {
  readonly #positions = new Map<ObjectId, number>()
  readonly #nodes: Node[] = []

  /** Puts a node into the record; gives its number. */
  node(node: Node): number {
    this.#nodes.push(node)
    return this.#nodes.length - 1
  }

  slot(slot: Slot): SlotHeader {
    return slot.kind === 'inline' ? ['n', this.node(slot.node)] : ['o', this.#position(slot.id)]
  }

  finish(header: unknown): { readonly bytes: Uint8Array; readonly refs: readonly ObjectId[] } {
    const frame: Frame<unknown> = {
      h: header,
      n: this.#nodes.map((node) => [node.type, ...node.refs.map((id) => this.#position(id))]),
    }
    const sections = this.#nodes.map((node) => node.bytes)
    return { bytes: encodeSections(frame, sections), refs: [...this.#positions.keys()] }
  }

  #position(id: ObjectId): number {
    const position = this.#positions.get(id) ?? this.#positions.size
    this.#positions.set(id, position)
    return position
  }
}

export interface OpenFrame {
  readonly ok: true
  /** What the writer was given, as JSON gives it back: to be checked. */
  readonly header: unknown
  readonly node: (number: number) => Node | undefined
  readonly slot: (header: SlotHeader) => Slot | undefined
}

/** The inverse of {@link FrameWriter}. */
export function openFrame(
  stored: StoredRecord,
): OpenFrame | { readonly ok: false; readonly fault: SectionsFault } {
  const decoded = decodeSections(stored.bytes)
  if (!decoded.ok) return decoded
  const frame = decoded.header as Partial<Frame<unknown>> | null
  if (typeof frame !== 'object' || frame === null || !Array.isArray(frame.n))
    return { ok: false, fault: 'damaged' }
  const nodes = frame.n.map(([type, ...positions], at) =>
    nodeOf(type, positions, decoded.sections[at], stored.refs),
  )
  return {
    ok: true,
    header: frame.h,
    node: (number) => nodes[number],
    slot: (header) => slotOf(header, nodes, stored.refs),
  }
}

function nodeOf(
  type: unknown,
  positions: readonly number[],
  bytes: Uint8Array | undefined,
  refs: readonly ObjectId[],
): Node | undefined {
  const own = positions.map((position) => refs[position])
  if (typeof type !== 'string' || bytes === undefined || !own.every((id) => id !== undefined))
    return undefined
  return { type, bytes, refs: own }
}

function slotOf(
  [kind, at]: SlotHeader,
  nodes: readonly (Node | undefined)[],
  refs: readonly ObjectId[],
): Slot | undefined {
  if (kind === 'n') {
    const node = nodes[at]
    return node === undefined ? undefined : { kind: 'inline', node }
  }
  const id = refs[at]
  return id === undefined ? undefined : { kind: 'object', id }
}
