import {
  type Classification,
  DriverFault,
  type Epoch,
  type KeyAt,
  type KeyRange,
  type ObjectId,
  type PartitionId,
  type StoredObject,
  type StoredRecord,
  corrupt,
  decodeKey,
  decodeStoredValue,
  describeObject,
  describeRecord,
  newEpoch,
  sizeOfStoredValue,
} from '@cairnkit/core/driver'
import type { Access } from './access.js'
import {
  below,
  headerKey,
  objectIdOf,
  objectKey,
  objectPrefix,
  partitionHash,
  recordPrefix,
} from './layout.js'
import {
  type PartitionHeader,
  decodeHeader,
  encodeHeader,
  isExpired,
  isTombstone,
  tombstone,
} from './partition-header.js'
import { RecordTree } from './record-tree.js'

/** One partition as a transaction sees it. One that is empty is the same as none. */
export class StoredPartition {
  /** As it was when the transaction began; `undefined`: there is none, or it has expired. */
  readonly header: PartitionHeader | undefined
  epoch: Epoch | null
  expiresAt: number | null
  /** Until when it is remembered that the partition was dropped; `null`: it is not. */
  droppedUntil: number | null
  recordCount: number
  objectCount: number
  readonly #id: PartitionId
  readonly #access: Access
  readonly #hash: Uint8Array
  readonly #tree: RecordTree
  /** Whether something is stored that has expired. */
  #remains: boolean

  constructor(access: Access, id: PartitionId, now: number) {
    this.#access = access
    this.#id = id
    this.#hash = partitionHash(id)
    this.#tree = new RecordTree(access, this.#hash)
    const key = headerKey(this.#hash)
    const stored = access.get(key)
    const header = stored && decodeHeader(key, stored)
    if (header === undefined && holdsEntries(access, this.#hash)) {
      throw corrupt('the header of the partition is missing')
    }
    this.#remains = header !== undefined && isExpired(header, now)
    const isBuried = !this.#remains && header !== undefined && isTombstone(header)
    this.droppedUntil = isBuried ? header.expiresAt : null
    this.header = this.#remains || isBuried ? undefined : header
    this.epoch = this.header?.epoch ?? null
    this.expiresAt = this.header?.expiresAt ?? null
    this.recordCount = this.header?.records ?? 0
    this.objectCount = this.header?.objects ?? 0
  }

  get isEmpty(): boolean {
    return this.recordCount === 0 && this.objectCount === 0
  }

  record(key: Uint8Array): StoredRecord | undefined {
    const stored = this.isEmpty ? undefined : this.#tree.get(key)
    return stored && toRecord(key, stored)
  }

  hasRecord(key: Uint8Array): boolean {
    return !this.isEmpty && this.#tree.has(key)
  }

  *records(range: KeyRange, reverse = false): Generator<StoredRecord> {
    if (this.isEmpty) return
    for (const { key, stored } of this.#tree.entries(range, reverse)) yield toRecord(key, stored)
  }

  /** The keys alone: what is damaged below them does not matter. */
  *keys(range: KeyRange, reverse = false): Generator<Uint8Array> {
    if (!this.isEmpty) yield* this.#tree.keys(range, reverse)
  }

  readonly keyAt: KeyAt = (range, end) => {
    const [key] = this.keys(range, end === 'last')
    return key && keyOf(key)
  }

  object(id: ObjectId): StoredObject | undefined {
    if (this.isEmpty) return undefined
    const stored = this.#access.get(objectKey(this.#hash, id))
    return stored && decodeStoredValue(Buffer.from(id, 'hex'), stored, () => describeObject(id))
  }

  /** The size of the content of an object. What is damaged is told as it looks: it is not read for that. */
  objectBytes(id: ObjectId): number {
    const stored = this.#access.get(objectKey(this.#hash, id))
    return stored === undefined ? 0 : sizeOfStoredValue(stored)
  }

  hasObject(id: ObjectId): boolean {
    return !this.isEmpty && this.#access.has(objectKey(this.#hash, id))
  }

  *objectIds(): Generator<ObjectId> {
    if (this.isEmpty) return
    for (const key of this.#access.keys(below(objectPrefix(this.#hash)))) yield objectIdOf(key)
  }

  putRecord(key: Uint8Array, stored: Uint8Array): void {
    if (!this.#tree.has(key)) this.recordCount++
    this.#tree.set(key, stored)
  }

  deleteRecord(key: Uint8Array): void {
    if (this.#tree.delete(key)) this.recordCount--
  }

  putObject(id: ObjectId, stored: Uint8Array): void {
    this.#access.put(objectKey(this.#hash, id), stored)
    this.objectCount++
  }

  deleteObject(id: ObjectId): void {
    this.#access.remove(objectKey(this.#hash, id))
    this.objectCount--
  }

  /** Removes what is left of a former life. Comes before the first write. */
  reclaim(): void {
    if (this.#remains) clear(this.#access, this.#hash)
    this.#remains = false
  }

  /** Removes everything. `droppedUntil` of `null` leaves a tombstone as it is. */
  drop(droppedUntil: number | null): void {
    if (!this.isEmpty) clear(this.#access, this.#hash)
    this.epoch = null
    this.expiresAt = null
    this.recordCount = 0
    this.objectCount = 0
    this.droppedUntil = droppedUntil ?? this.droppedUntil
  }

  /**
   * Whether there is a partition is judged once, on what the batch leaves: it may empty and refill one. Returns whether
   * this gave birth to it.
   */
  save(): boolean {
    const isBorn = this.epoch === null && !this.isEmpty
    if (this.isEmpty) {
      this.epoch = null
      if (this.droppedUntil !== null) this.#putHeader(tombstone(this.#id, this.droppedUntil))
      else if (this.header !== undefined) this.#access.remove(headerKey(this.#hash))
      return isBorn
    }
    this.epoch ??= newEpoch()
    this.droppedUntil = null
    this.#putHeader({
      id: this.#id,
      epoch: this.epoch,
      expiresAt: this.expiresAt,
      records: this.recordCount,
      objects: this.objectCount,
    })
    return isBorn
  }

  #putHeader(header: PartitionHeader): void {
    const key = headerKey(this.#hash)
    this.#access.put(key, encodeHeader(key, header))
  }
}

/** Removes the partition, also one whose header is damaged. Whether there was one. */
export function dropPartition(access: Access, id: PartitionId, now: number): boolean {
  const hash = partitionHash(id)
  const found = whatIsThere(access, hash, now)
  if (found !== 'tombstone') clear(access, hash)
  return found === 'partition'
}

function whatIsThere(access: Access, hash: Uint8Array, now: number): 'partition' | 'tombstone' | 'nothing' {
  const key = headerKey(hash)
  const stored = access.get(key)
  if (stored === undefined) return holdsEntries(access, hash) ? 'partition' : 'nothing'
  try {
    const header = decodeHeader(key, stored)
    if (isExpired(header, now)) return 'nothing'
    return isTombstone(header) ? 'tombstone' : 'partition'
  } catch (cause) {
    // What is damaged, or newer than this code, can still be removed.
    if (DriverFault.isInstance(cause)) return 'partition'
    throw cause
  }
}

/** Whether there is a record or an object, which a partition without a header never has. */
function holdsEntries(access: Access, hash: Uint8Array): boolean {
  for (const prefix of [objectPrefix(hash), recordPrefix(hash)])
    for (const _ of access.keys(below(prefix))) return true
  return false
}

function clear(access: Access, hash: Uint8Array): void {
  for (const prefix of [objectPrefix(hash), recordPrefix(hash)])
    for (const key of [...access.keys(below(prefix))]) access.remove(key)
  access.remove(headerKey(hash))
}

function toRecord(encoded: Uint8Array, stored: Uint8Array): StoredRecord {
  const key = keyOf(encoded)
  return { key, ...decodeStoredValue(encoded, stored, () => describeRecord(key)) }
}

const DAMAGED: Classification = Object.freeze({ code: 'corrupt', disposition: 'permanent' })

/** The key of a record. Throws a `corrupt` fault for bytes that are none. */
export function keyOf(encoded: Uint8Array): string[] {
  try {
    return decodeKey(encoded)
  } catch (cause) {
    throw new DriverFault(DAMAGED, 'the key of a record is damaged', { cause })
  }
}
