import type { ObjectId, StoredRecord } from '@cairnkit/core'
import { decodeSections, encodeSections } from './sections.js'
import { type StoredPlace, corruptError, storedDataError } from './stored-data-error.js'
import type { TypedBytes } from './value-codec.js'

/** The versions of channels. A map: a channel may be called `constructor`. */
export type Versions = ReadonlyMap<string, string | number>

/**
 * Which object holds the value of each channel, in the order of the checkpoint's `channel_values`. A checkpoint's values
 * are resolved by its own manifest alone: versions repeat on the branches of a thread.
 */
export type Manifest = ReadonlyMap<string, ObjectId>

/** A checkpoint as it is stored: everything but the values of its channels. */
export interface CheckpointRecord {
  readonly parentId: string | undefined
  readonly manifest: Manifest
  /** A copy of `channel_versions` in the clear, so that unchanged channels are recognised without the serializer. */
  readonly versions: Versions
  /** The serialized checkpoint without `channel_values`. */
  readonly checkpoint: TypedBytes
  readonly metadata: TypedBytes
}

interface Header {
  /** Parent id. */
  readonly p?: string
  /** Channels, and the position of each one's object in the references. */
  readonly m: readonly (readonly [channel: string, ref: number])[]
  /** Versions of channels. */
  readonly v: readonly (readonly [channel: string, version: string | number])[]
  /** Types that the serializer gave to the checkpoint and to the metadata. */
  readonly t: readonly [checkpoint: string, metadata: string]
}

export function encodeCheckpointRecord(record: CheckpointRecord): { bytes: Uint8Array; refs: ObjectId[] } {
  const refs = [...new Set(record.manifest.values())]
  const positions = new Map(refs.map((id, position) => [id, position]))
  const header: Header = {
    ...(record.parentId === undefined ? {} : { p: record.parentId }),
    m: [...record.manifest].map(([channel, id]) => [channel, positions.get(id) as number]),
    v: [...record.versions],
    t: [record.checkpoint.type, record.metadata.type],
  }
  return { bytes: encodeSections(header, [record.checkpoint.bytes, record.metadata.bytes]), refs }
}

/** Throws a `StorageError` with code `corrupt` or `format`. */
export function decodeCheckpointRecord(stored: StoredRecord, place: StoredPlace): CheckpointRecord {
  const decoded = decodeSections(stored.bytes)
  if (!decoded.ok) throw storedDataError(place, decoded.fault)
  const [checkpoint, metadata] = decoded.sections
  if (!isHeader(decoded.header) || checkpoint === undefined || metadata === undefined) {
    throw storedDataError(place, 'damaged')
  }
  const { p: parentId, m: channels, v: versions, t: types } = decoded.header
  const manifest = new Map<string, ObjectId>()
  for (const [channel, position] of channels) {
    const id = stored.refs[position]
    if (id === undefined)
      throw corruptError(place, `does not name the object of channel ${JSON.stringify(channel)}`)
    manifest.set(channel, id)
  }
  return {
    parentId,
    manifest,
    versions: new Map(versions),
    checkpoint: { type: types[0], bytes: checkpoint },
    metadata: { type: types[1], bytes: metadata },
  }
}

function isHeader(header: unknown): header is Header {
  const candidate = header as Partial<Header> | null
  return (
    typeof candidate === 'object' &&
    candidate !== null &&
    Array.isArray(candidate.m) &&
    Array.isArray(candidate.v) &&
    Array.isArray(candidate.t) &&
    (candidate.p === undefined || typeof candidate.p === 'string')
  )
}
