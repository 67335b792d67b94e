import type { ValueRef } from '../../engine/fragments/value-ref.js'
import type { PlacedValue } from '../../engine/objects/place-value.js'
import { type ThreadKnowledge, valueRefAt } from '../../knowledge/thread-knowledge.js'
import type { CheckpointAddress } from '../thread-config.js'

/** A channel of a checkpoint that is being stored, whose version is not new. */
export interface UnchangedChannel {
  readonly channel: string
  readonly version: string | number
  /** As the caller brought it. */
  readonly own: PlacedValue
}

/** Where the value of an unchanged channel comes from. */
export type Origin =
  /** The parent holds it at this version: it counts, whatever the caller did to the object in place. */
  | { readonly kind: 'carried'; readonly valueRef: ValueRef }
  /** From the caller: a copied checkpoint whose source is a sibling, or one whose parent the storage has lost. */
  | { readonly kind: 'own' }
  /** The thread never stored a value at this version. */
  | { readonly kind: 'none' }
  /** The process has not seen enough of the thread to tell. */
  | { readonly kind: 'unseen' }

/** `isLookedUp`: whether the thread was read for this, so that what is not known is not there. */
export function originOf(
  { channel, version, own }: UnchangedChannel,
  { namespace, checkpointId: parentId }: Pick<CheckpointAddress, 'namespace' | 'checkpointId'>,
  known: ThreadKnowledge | undefined,
  isLookedUp: boolean,
): Origin {
  if (parentId !== undefined) {
    const parent = known?.checkpoint(namespace, parentId)
    if (parent === undefined) return { kind: isLookedUp ? 'own' : 'unseen' }
    const valueRef = valueRefAt(parent, channel, version)
    if (valueRef !== undefined) return { kind: 'carried', valueRef }
  }
  const isHeld = own.valueRef.kind === 'object' && known?.holds(own.valueRef.id) === true
  if (isHeld || known?.everStored(channel, version) === true) return { kind: 'own' }
  return { kind: isLookedUp ? 'none' : 'unseen' }
}
