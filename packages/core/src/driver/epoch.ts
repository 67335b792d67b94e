import { randomFillSync } from 'node:crypto'
import type { Epoch } from './read.js'

/** The size of an epoch that is stored as bytes. */
export const EPOCH_BYTES = 16

/** Asking the system for random bytes costs more than they do, and every commit brings a token in case it needs one. */
const pool = Buffer.alloc(EPOCH_BYTES * 256)
let taken = pool.length

/** Makes a random token of 128 bits. */
export function newEpoch(): Epoch {
  if (taken === pool.length) {
    randomFillSync(pool)
    taken = 0
  }
  taken += EPOCH_BYTES
  return pool.toString('hex', taken - EPOCH_BYTES, taken)
}
