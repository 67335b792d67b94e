import { crc32 } from 'node:zlib'
import type { ObjectId, StoredRecord } from '@cairnkit/core'
import type { Slot } from '../engine/placement.js'
import type { Node } from '../engine/node.js'
import { type SectionsFault, decodeSections, encodeSections } from './sections.js'

/** Why a record cannot be opened. `misplaced`: it was written for another thread. */
export type FrameFault = SectionsFault | 'misplaced'

/**
 * A record is a header of its own kind and the nodes that lie in it. The nodes share the references of the record: a
 * node is written with the positions of its own among them.
 */
interface Frame<Header> {
  readonly h: Header
  /** Of each node its type, and the positions of its references. */
  readonly n: readonly (readonly [type: string, ...refs: number[]])[]
  /** The mark of the partition that it was written for: one that was put into another is noticed. */
  readonly t?: string
}

/** What a record is noticed by that has come into another partition. */
function markOf(partition: string): string {
  return crc32(partition).toString(36)
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

  /** `partition`: where the record is going to be stored. */
  finish(
    header: unknown,
    partition: string,
  ): { readonly bytes: Uint8Array; readonly refs: readonly ObjectId[] } {
    const frame: Frame<unknown> = {
      t: markOf(partition),
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
  readonly node: (number: unknown) => Node | undefined
  /** The slot of a {@link SlotHeader}, `undefined` for anything else. */
  readonly slot: (header: unknown) => Slot | undefined
}

/** The inverse of {@link FrameWriter}. `partition`: where the record was found. */
export function openFrame(
  stored: StoredRecord,
  partition: string,
): OpenFrame | { readonly ok: false; readonly fault: FrameFault } {
  const decoded = decodeSections(stored.bytes)
  if (!decoded.ok) return decoded
  const frame = decoded.header as Partial<Frame<unknown>> | null
  if (typeof frame !== 'object' || frame === null || !Array.isArray(frame.n))
    return { ok: false, fault: 'damaged' }
  if (frame.t !== undefined && frame.t !== markOf(partition)) return { ok: false, fault: 'misplaced' }
  const nodes = frame.n.map((node: unknown, at) => nodeOf(node, decoded.sections[at], stored.refs))
  return {
    ok: true,
    header: frame.h,
    node: (number) => itemAt(nodes, number),
    slot: (header) => slotOf(header, nodes, stored.refs),
  }
}

function nodeOf(node: unknown, bytes: Uint8Array | undefined, refs: readonly ObjectId[]): Node | undefined {
  if (!Array.isArray(node) || bytes === undefined) return undefined
  const [type, ...positions]: unknown[] = node
  const own = positions.map((position) => itemAt(refs, position))
  return typeof type === 'string' && own.every((id) => id !== undefined)
    ? { type, bytes, refs: own }
    : undefined
}

function slotOf(
  header: unknown,
  nodes: readonly (Node | undefined)[],
  refs: readonly ObjectId[],
): Slot | undefined {
  if (!Array.isArray(header)) return undefined
  const [kind, at]: unknown[] = header
  if (kind === 'n') {
    const node = itemAt(nodes, at)
    return node === undefined ? undefined : { kind: 'inline', node }
  }
  const id = kind === 'o' ? itemAt(refs, at) : undefined
  return id === undefined ? undefined : { kind: 'object', id }
}

/** By a number and nothing else: an array also has properties with names. */
function itemAt<T>(items: readonly T[], position: unknown): T | undefined {
  return typeof position === 'number' ? items[position] : undefined
}
