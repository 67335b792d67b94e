import {
  type DeleteMutation,
  type DropMutation,
  type ExpireMutation,
  type InsertMutation,
  type ObjectId,
  type ObjectMutation,
  type PutMutation,
  type SweepMutation,
  type Tuple,
  objectId,
} from '@cairnkit/core/driver'

/** Short builders, so that a test reads as the batch it sends. */

export function bytes(content: string | Uint8Array): Uint8Array {
  return typeof content === 'string' ? Buffer.from(content) : content
}

export function put(
  key: Tuple,
  content: string | Uint8Array = 'v',
  refs: readonly ObjectId[] = [],
): PutMutation {
  return { type: 'put', key, bytes: bytes(content), refs }
}

export function insert(
  key: Tuple,
  content: string | Uint8Array = 'v',
  refs: readonly ObjectId[] = [],
): InsertMutation {
  return { type: 'insert', key, bytes: bytes(content), refs }
}

export function object(content: string | Uint8Array, refs: readonly ObjectId[] = []): ObjectMutation {
  return { type: 'object', id: objectId(bytes(content), refs), bytes: bytes(content), refs }
}

export function remove(key: Tuple): DeleteMutation {
  return { type: 'delete', key }
}

export function expire(
  ttlMs: ExpireMutation['ttlMs'],
  more: Pick<ExpireMutation, 'decidedBy' | 'ifNone'> = {},
): ExpireMutation {
  return { type: 'expire', ttlMs, ...more }
}

export function drop(tombstoneMs: number | null = null): DropMutation {
  return { type: 'drop', tombstoneMs }
}

export const sweep: SweepMutation = Object.freeze({ type: 'sweep' })

/** Reads what a test compares most often: everything there is. */
export const everything: { readonly type: 'range'; readonly prefix: Tuple } = Object.freeze({
  type: 'range',
  prefix: Object.freeze([]),
})
