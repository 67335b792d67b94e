import type { ObjectId } from '@cairnkit/core'
import { type EncodedValue, type Node, type ObjectNode, objectNodeOf } from './node.js'

/** Where a value begins: in the record that holds it, or in an object of its own. */
export type Slot =
  { readonly kind: 'inline'; readonly node: Node } | { readonly kind: 'object'; readonly id: ObjectId }

export interface PlacedValue {
  readonly slot: Slot
  /** The objects that the slot refers to directly. */
  readonly below: readonly ObjectNode[]
}

const REF_BYTES = 16

/** A node of up to `inlineBytes` stays in the record: smaller ones cost more as objects than they save. */
export function place(value: EncodedValue, inlineBytes: number): PlacedValue {
  const { node, below } = value
  if (node.bytes.length + node.refs.length * REF_BYTES <= inlineBytes) {
    return { slot: { kind: 'inline', node }, below }
  }
  const object = objectNodeOf(node, below)
  return { slot: { kind: 'object', id: object.id }, below: [object] }
}

/** The ids of these objects. */
export function refsOfSlot(slot: Slot): readonly ObjectId[] {
  return slot.kind === 'inline' ? slot.node.refs : [slot.id]
}
