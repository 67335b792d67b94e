import type { Fragment } from '../fragments/fragment.js'
import type { ValueRef } from '../fragments/value-ref.js'
import { type NewObject, newObjectOf } from './new-object.js'

/** A value in pieces: the fragment it begins with, and the objects right below it. */
export interface EncodedValue {
  readonly fragment: Fragment
  readonly children: readonly NewObject[]
}

/** A value in pieces that has its place. */
export interface PlacedValue {
  readonly valueRef: ValueRef
  /** The objects that the value begins with. */
  readonly children: readonly NewObject[]
}

const REF_BYTES = 16

/** A fragment of up to `inlineBytes` stays in the record: smaller ones cost more as objects than they save. */
export function placeValue({ fragment, children }: EncodedValue, inlineBytes: number): PlacedValue {
  if (fragment.bytes.length + fragment.refs.length * REF_BYTES <= inlineBytes) {
    return { valueRef: { kind: 'inline', fragment }, children }
  }
  const object = newObjectOf(fragment, children)
  return { valueRef: { kind: 'object', id: object.id }, children: [object] }
}
