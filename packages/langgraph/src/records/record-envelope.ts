/**
 * The envelope of everything that is stored under a key of a thread.
 *
 * | bytes | meaning |
 * |---|---|
 * | 1 | format version |
 * | 4 | length of the head, big-endian |
 * | n | the head: JSON of the {@link Envelope} and of the length of each fragment |
 * | rest | the bytes of the fragments, one after the other |
 */
import { crc32 } from 'node:zlib'
import type { ObjectId, StoredRecord } from '@cairnkit/core'
import type { Fragment } from '../engine/fragments/fragment.js'
import { parseJson } from '../engine/fragments/json-data.js'
import type { ValueRef } from '../engine/fragments/value-ref.js'

const FORMAT_VERSION = 1

const HEAD_AT = 5

/** Why a record cannot be opened. `misplaced`: it was written for another thread. */
export type EnvelopeFault = 'damaged' | 'newer' | 'misplaced'

/**
 * A record is a header of its own kind and the fragments that lie in it. The fragments share the references of the record: a
 * fragment is written with the positions of its own among them.
 */
interface Envelope<Header> {
  readonly h: Header
  /** Of each fragment its type, and the positions of its references. */
  readonly n: readonly (readonly [type: string, ...refs: number[]])[]
  /** The mark of the partition that it was written for: one that was put into another is noticed. */
  readonly t?: string
}

/** Where a value is: the number of a fragment of this record, or the position of an object among its references. */
export type ValueRefHeader = readonly ['n' | 'o', number]

/** Collects the fragments and the references of a record that is being written. */
export class EnvelopeWriter {
  readonly #positions = new Map<ObjectId, number>()
  readonly #fragments: Fragment[] = []

  /** Puts a fragment into the record; gives its number. */
  fragment(fragment: Fragment): number {
    this.#fragments.push(fragment)
    return this.#fragments.length - 1
  }

  valueRef(valueRef: ValueRef): ValueRefHeader {
    return valueRef.kind === 'inline'
      ? ['n', this.fragment(valueRef.fragment)]
      : ['o', this.#position(valueRef.id)]
  }

  /** `partition`: where the record is going to be stored. */
  finish(
    header: unknown,
    partition: string,
  ): { readonly bytes: Uint8Array; readonly refs: readonly ObjectId[] } {
    const envelope: Envelope<unknown> = {
      t: markOf(partition),
      h: header,
      n: this.#fragments.map(({ type, refs }) => [type, ...refs.map((id) => this.#position(id))]),
    }
    return { bytes: encode(envelope, this.#fragments), refs: [...this.#positions.keys()] }
  }

  #position(id: ObjectId): number {
    const position = this.#positions.get(id) ?? this.#positions.size
    this.#positions.set(id, position)
    return position
  }
}

export interface OpenEnvelope {
  readonly ok: true
  /** What the writer was given, as JSON gives it back: to be checked. */
  readonly header: unknown
  readonly fragment: (number: unknown) => Fragment | undefined
  /** Where a value is by its {@link ValueRefHeader}, `undefined` for anything else. */
  readonly valueRef: (header: unknown) => ValueRef | undefined
}

interface Fault {
  readonly ok: false
  readonly fault: EnvelopeFault
}

/** The inverse of {@link EnvelopeWriter}. `partition`: where the record was found. */
export function openEnvelope({ bytes, refs }: StoredRecord, partition: string): OpenEnvelope | Fault {
  const decoded = decode(bytes)
  if (!decoded.ok) return decoded
  const envelope = decoded.envelope as Partial<Envelope<unknown>> | null
  if (typeof envelope !== 'object' || envelope === null || !Array.isArray(envelope.n)) return DAMAGED
  if (envelope.t !== undefined && envelope.t !== markOf(partition)) return { ok: false, fault: 'misplaced' }
  const fragments = envelope.n.map((row: unknown, at) => fragmentOf(row, decoded.sections[at], refs))
  return {
    ok: true,
    header: envelope.h,
    fragment: (number) => itemAt(fragments, number),
    valueRef: (header) => valueRefOf(header, fragments, refs),
  }
}

const DAMAGED: Fault = { ok: false, fault: 'damaged' }

/** What a record is noticed by that has come into another partition. */
function markOf(partition: string): string {
  return crc32(partition).toString(36)
}

function encode(envelope: Envelope<unknown>, fragments: readonly Fragment[]): Uint8Array {
  // JSON.stringify writes a lone surrogate as an escape, so any channel name and id survives.
  const head = JSON.stringify([envelope, fragments.map(({ bytes }) => bytes.length)])
  const headLength = Buffer.byteLength(head)
  let length = HEAD_AT + headLength
  for (const { bytes } of fragments) length += bytes.length
  const encoded = Buffer.allocUnsafe(length)
  encoded[0] = FORMAT_VERSION
  encoded.writeUInt32BE(headLength, 1)
  let at = HEAD_AT + encoded.write(head, HEAD_AT)
  for (const { bytes } of fragments) {
    encoded.set(bytes, at)
    at += bytes.length
  }
  return encoded
}

/** The envelope is to be checked; the sections are the bytes of its fragments. */
interface Decoded {
  readonly ok: true
  readonly envelope: unknown
  readonly sections: readonly Uint8Array[]
}

function decode(bytes: Uint8Array): Decoded | Fault {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const version = view[0]
  if (version !== undefined && version > FORMAT_VERSION) return { ok: false, fault: 'newer' }
  if (version !== FORMAT_VERSION || view.length < HEAD_AT) return DAMAGED
  const headEnd = HEAD_AT + view.readUInt32BE(1)
  const head = parseJson(bytes.subarray(HEAD_AT, headEnd))
  if (!Array.isArray(head) || head.length !== 2) return DAMAGED
  const [envelope, lengths]: unknown[] = head
  if (!Array.isArray(lengths) || !lengths.every(isLength)) return DAMAGED
  const sections: Uint8Array[] = []
  let at = headEnd
  for (const length of lengths) {
    sections.push(bytes.subarray(at, at + length))
    at += length
  }
  return at === bytes.length ? { ok: true, envelope, sections } : DAMAGED
}

function isLength(length: unknown): length is number {
  return Number.isSafeInteger(length) && (length as number) >= 0
}

function fragmentOf(
  row: unknown,
  bytes: Uint8Array | undefined,
  refs: readonly ObjectId[],
): Fragment | undefined {
  if (!Array.isArray(row) || bytes === undefined) return undefined
  const [type, ...positions]: unknown[] = row
  const own = positions.map((position) => itemAt(refs, position))
  return typeof type === 'string' && own.every((id) => id !== undefined)
    ? { type, bytes, refs: own }
    : undefined
}

function valueRefOf(
  header: unknown,
  fragments: readonly (Fragment | undefined)[],
  refs: readonly ObjectId[],
): ValueRef | undefined {
  if (!Array.isArray(header)) return undefined
  const [kind, at]: unknown[] = header
  if (kind === 'n') {
    const fragment = itemAt(fragments, at)
    return fragment === undefined ? undefined : { kind: 'inline', fragment }
  }
  const id = kind === 'o' ? itemAt(refs, at) : undefined
  return id === undefined ? undefined : { kind: 'object', id }
}

/** By a number and nothing else: an array also has properties with names. */
function itemAt<T>(items: readonly T[], position: unknown): T | undefined {
  return typeof position === 'number' ? items[position] : undefined
}
