import type { ObjectId, StoredRecord } from '@cairnkit/core'
import type { Fragment } from '../engine/fragments/fragment.js'
import type { ValueRef } from '../engine/fragments/value-ref.js'
import { EnvelopeWriter, type ValueRefHeader, openEnvelope } from './record-envelope.js'
import { type StoredPlace, corruptError, storedDataError } from './stored-data-error.js'

/** The versions of channels. A map: a channel may be called `constructor`. */
export type Versions = ReadonlyMap<string, string | number>

/**
 * Where the value of each channel is, in the order of the checkpoint's `channel_values`. A checkpoint's values are
 * resolved by its own manifest alone: versions repeat on the forks of a thread.
 */
export type Manifest = ReadonlyMap<string, ValueRef>

/** What the run that put a checkpoint said of itself: its `run_id`, its `user_id`, and the keys that are indexed. */
export type RunTags = ReadonlyMap<string, string>

/** A checkpoint as it is stored. */
export interface CheckpointRecord {
  readonly parentId: string | undefined
  readonly manifest: Manifest
  /** `channel_versions`, in the clear: unchanged channels are recognised by them without the serializer. */
  readonly versions: Versions
  /** The checkpoint without `channel_values` and `channel_versions`. */
  /** Beside the metadata, which LangGraph compares and hands out. */
  readonly run: RunTags
  readonly checkpoint: Fragment
  readonly metadata: Fragment
}

interface Header {
  /** Parent id. */
  readonly p?: string | undefined
  /** The checkpoint and the metadata, as numbers of fragments. */
  readonly c: readonly [checkpoint: number, metadata: number]
  readonly m: readonly (readonly [channel: string, ...valueRef: ValueRefHeader])[]
  readonly v: readonly (readonly [channel: string, version: string | number])[]
  /** What the run said of itself; left out if it said nothing. */
  readonly r?: readonly (readonly [key: string, value: string])[]
}

/** `partition`: where the record is going to be stored. */
export function encodeCheckpointRecord(
  record: CheckpointRecord,
  partition: string,
): {
  readonly bytes: Uint8Array
  readonly refs: readonly ObjectId[]
} {
  const envelope = new EnvelopeWriter()
  const header: Header = {
    p: record.parentId,
    c: [envelope.fragment(record.checkpoint), envelope.fragment(record.metadata)],
    m: [...record.manifest].map(([channel, valueRef]) => [channel, ...envelope.valueRef(valueRef)]),
    v: [...record.versions],
    ...(record.run.size === 0 ? {} : { r: [...record.run] }),
  }
  return envelope.finish(header, partition)
}

/** Throws a `StorageError` with code `corrupt` or `format`. */
export function decodeCheckpointRecord(stored: StoredRecord, place: StoredPlace): CheckpointRecord {
  const envelope = openEnvelope(stored, place.partition)
  if (!envelope.ok) throw storedDataError(place, envelope.fault)
  const { header } = envelope
  if (!isHeader(header)) throw storedDataError(place, 'damaged')
  const [checkpoint, metadata] = header.c.map((number) => envelope.fragment(number))
  if (checkpoint === undefined || metadata === undefined) throw storedDataError(place, 'damaged')
  const manifest = new Map<string, ValueRef>()
  for (const [channel, ...at] of header.m) {
    const valueRef = envelope.valueRef(at)
    if (valueRef === undefined)
      throw corruptError(place, `does not say where channel ${JSON.stringify(channel)} is`)
    manifest.set(channel, valueRef)
  }
  return {
    parentId: header.p,
    manifest,
    versions: new Map(header.v),
    run: new Map(header.r),
    checkpoint,
    metadata,
  }
}

function isHeader(header: unknown): header is Header {
  const candidate = header as Partial<Record<keyof Header, unknown>> | null
  return (
    typeof candidate === 'object' &&
    candidate !== null &&
    Array.isArray(candidate.c) &&
    isTable(candidate.m) &&
    isTable(candidate.v) &&
    candidate.v.every(([, version]) => typeof version === 'string' || typeof version === 'number') &&
    (candidate.r === undefined ||
      (isTable(candidate.r) && candidate.r.every(([, value]) => typeof value === 'string'))) &&
    (candidate.p === undefined || typeof candidate.p === 'string')
  )
}

/** Rows that begin with the name of a channel. */
function isTable(rows: unknown): rows is unknown[][] {
  return Array.isArray(rows) && rows.every((row) => Array.isArray(row) && typeof row[0] === 'string')
}
