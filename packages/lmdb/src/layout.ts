/**
 * Keys of the database. All begin with a kind; those of a partition go on with a hash of its id, so that ids may be as
 * long as they like and everything of one partition lies together.
 *
 * | key | value |
 * |---|---|
 * | `0` `cairn` | layout version |
 * | `1` hash | header of a partition |
 * | `2` hash id | object |
 * | `3` hash node rest | record, or the mark of a node below: see `record-tree.ts` |
 */

import { createHash } from 'node:crypto'
import { type ObjectId, type PartitionId, afterPrefix, encodeUtf8 } from '@cairnkit/core/driver'
import type { ByteRange } from './access.js'

const HASH_BYTES = 16

const kinds = { header: 1, object: 2, record: 3 } as const

export function partitionHash(id: PartitionId): Uint8Array {
  return hash(encodeUtf8(id))
}

/** 128 bits: names that are this long by themselves need no other proof of being different. */
export function hash(...parts: readonly Uint8Array[]): Uint8Array {
  const digest = createHash('sha256')
  for (const part of parts) digest.update(part)
  return digest.digest().subarray(0, HASH_BYTES)
}

export function headerKey(partition: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(kinds.header), partition)
}

export const allHeaders: ByteRange = Object.freeze(below(Uint8Array.of(kinds.header)))

export function objectKey(partition: Uint8Array, id: ObjectId): Uint8Array {
  return concat(objectPrefix(partition), Buffer.from(id, 'hex'))
}

export function objectIdOf(key: Uint8Array): ObjectId {
  return Buffer.from(key.subarray(1 + HASH_BYTES)).toString('hex')
}

export function objectPrefix(partition: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(kinds.object), partition)
}

export function recordPrefix(partition: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(kinds.record), partition)
}

/** Every key that begins with `prefix`, which does not consist of 0xff alone. */
export function below(prefix: Uint8Array): ByteRange {
  return { from: prefix, until: afterPrefix(prefix) as Uint8Array }
}

/** Not a `Buffer`: those share memory with their neighbours and with their slices. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
