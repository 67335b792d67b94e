import { EPOCH_BYTES, type Epoch } from '@cairnkit/core/driver'
import { concatBytes, viewOf } from './bytes.js'
import { tag } from './tags.js'

const EPOCH = new RegExp(`^[0-9a-f]{${EPOCH_BYTES * 2}}$`)

/** A token that was never given out becomes a member that no partition has. */
export function encodeEpoch(epoch: Epoch): Uint8Array {
  return EPOCH.test(epoch) ? concatBytes(tag.epoch, Buffer.from(epoch, 'hex')) : new Uint8Array([tag.epoch])
}

/** The empty member stands for no partition. */
export function decodeEpoch(member: Uint8Array): Epoch | null {
  return member.length === 0 ? null : viewOf(member).toString('hex', 1)
}
