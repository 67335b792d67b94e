/**
 * The border of the contract. What passes here is well-formed, so that drivers may trust it. A mistake of the caller
 * is a `TypeError` that says what was passed and what is expected; a value that is too large is a `limit` fault.
 */

import type { Batch, Check, Mutation } from './batch.js'
import type { DriverLimits } from './capabilities.js'
import { DriverFault } from './driver-fault.js'
import { OBJECT_ID_BYTES, type ObjectId, isObjectId } from './object-id.js'
import type { Read } from './read.js'
import { show } from './show.js'
import { type Tuple, encodedKeyLength } from './tuple.js'
import { assertMs } from './whole-number.js'

/** Throws a `TypeError` unless `parts` is one or more strings. */
export function assertParts(parts: readonly string[]): void {
  if (parts.length === 0) throw new TypeError('A partition needs at least one name, got none')
  for (const part of parts) assertString('A partition name', part)
}

/** Throws a `TypeError` for an invalid read. */
export function assertReads(reads: readonly Read[]): void {
  if (!Array.isArray(reads)) throw new TypeError(`Reads must be an array, got ${show(reads)}`)
  for (const read of reads as readonly Read[]) assertRead(read)
}

/** Throws a `TypeError` unless `known` is an array of object ids. */
export function assertKnown(known: readonly ObjectId[] = []): void {
  if (!Array.isArray(known)) throw new TypeError(`known must be an array of object ids, got ${show(known)}`)
  for (const id of known as readonly ObjectId[]) assertObjectId(id)
}

/** Checks the shape and the sizes of a batch. Returns how many bytes it stores. */
export function assertBatch(batch: Batch, limits: DriverLimits): number {
  let total = 0
  for (const check of batch.checks ?? []) assertCheck(check, limits)
  for (const mutation of batch.mutations ?? []) total += assertMutation(mutation, limits)
  if (total > limits.maxBatchBytes) throw tooLarge('the batch', total, limits.maxBatchBytes)
  return total
}

function assertRead(read: Read): void {
  switch (read.type) {
    case 'get':
      assertKey(read.key)
      return
    case 'range':
      assertPrefix(read.prefix)
      if (read.from !== undefined) assertPrefix(read.from)
      if (read.until !== undefined) assertPrefix(read.until)
      assertLimit(read.limit)
      return
    case 'groups':
    case 'names':
      assertPrefix(read.prefix)
      if (read.from !== undefined) assertString('A bound', read.from)
      if (read.until !== undefined) assertString('A bound', read.until)
      assertLimit(read.limit)
      return
    case 'count':
      assertPrefix(read.prefix)
      return
    case 'objects':
      for (const id of read.ids) assertObjectId(id)
      return
    case 'info':
    case 'time':
      return
    default:
      throw new TypeError(`Not a read: ${show(read satisfies never)}`)
  }
}

function assertCheck(check: Check, limits: DriverLimits): void {
  switch (check.type) {
    case 'epoch':
      if (check.epoch !== null) assertString('An epoch', check.epoch)
      return
    case 'absent':
    case 'present':
      assertKey(check.key)
      return
    case 'equals':
      assertKey(check.key)
      assertValue(check, limits)
      return
    case 'last':
      assertPrefix(check.prefix)
      if (check.key !== null) assertKey(check.key)
      return
    case 'head':
      assertPrefix(check.prefix)
      for (const element of check.elements)
        if (element !== null) assertString('An element of a head', element)
      return
    case 'objects':
      for (const id of check.ids) assertObjectId(id)
      return
    case 'undropped':
      return
    default:
      throw new TypeError(`Not a check: ${show(check satisfies never)}`)
  }
}

function assertMutation(mutation: Mutation, limits: DriverLimits): number {
  switch (mutation.type) {
    case 'put':
    case 'insert':
      return assertRecordKey(mutation.key, limits) + assertValue(mutation, limits)
    case 'object':
      assertObjectId(mutation.id)
      return OBJECT_ID_BYTES + assertValue(mutation, limits)
    case 'delete':
      assertKey(mutation.key)
      return 0
    case 'deleteRange':
      assertPrefix(mutation.prefix)
      if (mutation.from !== undefined) assertPrefix(mutation.from)
      if (mutation.until !== undefined) assertPrefix(mutation.until)
      return 0
    case 'sweep':
      return 0
    case 'expire':
      if (mutation.ttlMs !== 'unchanged') assertLifetime('ttlMs', mutation.ttlMs)
      for (const key of mutation.decidedBy ?? []) assertKey(key)
      return 0
    case 'drop':
      assertLifetime('tombstoneMs', mutation.tombstoneMs)
      return 0
    default:
      throw new TypeError(`Not a mutation: ${show(mutation satisfies never)}`)
  }
}

function assertRecordKey(key: Tuple, limits: DriverLimits): number {
  assertKey(key)
  const size = encodedKeyLength(key)
  if (size > limits.maxKeyBytes) throw tooLarge('a key', size, limits.maxKeyBytes)
  return size
}

function assertValue(
  value: { readonly bytes: Uint8Array; readonly refs?: readonly ObjectId[] | undefined },
  limits: DriverLimits,
): number {
  if (!(value.bytes instanceof Uint8Array))
    throw new TypeError(`Bytes must be a Uint8Array, got ${show(value.bytes)}`)
  for (const ref of value.refs ?? []) assertObjectId(ref)
  const size = value.bytes.length + (value.refs?.length ?? 0) * OBJECT_ID_BYTES
  if (size > limits.maxValueBytes) throw tooLarge('a value', size, limits.maxValueBytes)
  return size
}

function assertKey(key: Tuple): void {
  assertPrefix(key)
  if (key.length === 0) throw new TypeError('A key must have at least one element, got none')
}

function assertPrefix(tuple: Tuple): void {
  if (!Array.isArray(tuple)) throw new TypeError(`A key must be an array of strings, got ${show(tuple)}`)
  for (const element of tuple as Tuple) assertString('An element of a key', element)
}

function assertString(what: string, value: unknown): void {
  if (typeof value !== 'string') throw new TypeError(`${what} must be a string, got ${show(value)}`)
}

function assertObjectId(id: unknown): void {
  if (!isObjectId(id)) throw new TypeError(`An object id must be 32 lower-case hex digits, got ${show(id)}`)
}

/** How long something lives, which no timer waits for. */
function assertLifetime(name: string, value: number | null): void {
  if (value !== null) assertMs(name, value, { most: Number.MAX_SAFE_INTEGER })
}

function assertLimit(limit: number | undefined): void {
  if (limit !== undefined && !(Number.isSafeInteger(limit) && limit >= 0)) {
    throw new TypeError(`A limit must be a whole number, 0 or more, got ${show(limit)}`)
  }
}

function tooLarge(what: string, size: number, limit: number): DriverFault {
  return new DriverFault(
    { code: 'limit', disposition: 'permanent' },
    `${what} has ${size} bytes, the limit is ${limit}`,
  )
}
