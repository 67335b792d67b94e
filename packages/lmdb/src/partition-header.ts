import {
  EPOCH_BYTES,
  type Epoch,
  type PartitionId,
  decodeStoredValue,
  decodeUtf8,
  encodeStoredValue,
  encodeUtf8,
} from '@cairnkit/core/driver'

/** What is known of a partition without looking at its records. */
export interface PartitionHeader {
  readonly id: PartitionId
  readonly epoch: Epoch
  /** By the clock of the machine, in milliseconds; `null`: never. */
  readonly expiresAt: number | null
  readonly records: number
  readonly objects: number
}

const EXPIRY_AT = EPOCH_BYTES
const RECORDS_AT = EXPIRY_AT + 8
const OBJECTS_AT = RECORDS_AT + 4
const ID_AT = OBJECTS_AT + 4

export function encodeHeader(key: Uint8Array, header: PartitionHeader): Uint8Array {
  const id = encodeUtf8(header.id)
  const bytes = Buffer.alloc(ID_AT + id.length)
  bytes.write(header.epoch, 0, 'hex')
  bytes.writeDoubleBE(header.expiresAt ?? Number.POSITIVE_INFINITY, EXPIRY_AT)
  bytes.writeUInt32BE(header.records, RECORDS_AT)
  bytes.writeUInt32BE(header.objects, OBJECTS_AT)
  bytes.set(id, ID_AT)
  return encodeStoredValue(key, { bytes })
}

/** Throws a `corrupt` or a `format` fault. */
export function decodeHeader(key: Uint8Array, stored: Uint8Array): PartitionHeader {
  const value = decodeStoredValue(key, stored, () => 'the header of the partition')
  const bytes = Buffer.from(value.bytes.buffer, value.bytes.byteOffset, value.bytes.length)
  const expiresAt = bytes.readDoubleBE(EXPIRY_AT)
  return {
    id: decodeUtf8(bytes.subarray(ID_AT)),
    epoch: bytes.toString('hex', 0, EPOCH_BYTES),
    expiresAt: expiresAt === Number.POSITIVE_INFINITY ? null : expiresAt,
    records: bytes.readUInt32BE(RECORDS_AT),
    objects: bytes.readUInt32BE(OBJECTS_AT),
  }
}

export function isExpired(header: PartitionHeader, now: number): boolean {
  return header.expiresAt !== null && header.expiresAt <= now
}

/** The header of a partition that was dropped on purpose: a partition that is there holds something. */
export function tombstone(id: PartitionId, droppedUntil: number): PartitionHeader {
  return { id, epoch: '0'.repeat(EPOCH_BYTES * 2), expiresAt: droppedUntil, records: 0, objects: 0 }
}

export function isTombstone(header: PartitionHeader): boolean {
  return header.records === 0 && header.objects === 0
}
