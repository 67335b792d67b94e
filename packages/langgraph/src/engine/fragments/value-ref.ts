import type { ObjectId } from '@cairnkit/core'
import type { Fragment } from './fragment.js'

/** Where a value begins: in the record that holds it, or in an object of its own. */
export type ValueRef =
  | { readonly kind: 'inline'; readonly fragment: Fragment }
  | { readonly kind: 'object'; readonly id: ObjectId }

/** The objects that a value begins with. */
export function refsOfValue(valueRef: ValueRef): readonly ObjectId[] {
  return valueRef.kind === 'inline' ? valueRef.fragment.refs : [valueRef.id]
}
