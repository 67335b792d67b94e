import { randomBytes } from 'node:crypto'
import type { Epoch } from './read.js'

/** How many bytes an epoch has when it is stored raw. */
export const EPOCH_BYTES = 16

/** A new random token of 128 bits. */
export function newEpoch(): Epoch {
  return randomBytes(EPOCH_BYTES).toString('hex')
}
