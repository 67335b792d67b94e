import type { KeyRange } from '@cairnkit/core/driver'
import type { Access, ByteRange, Entry } from './access.js'
import { below, concat, hash, recordPrefix } from './layout.js'

/** LMDB takes keys of up to 1978 bytes; what stands before the rest of a key is 33 bytes long. */
const CHUNK_BYTES = 1900

const ROOT = new Uint8Array(16)
const MARK = Uint8Array.of(0)

export interface StoredEntry {
  readonly key: Uint8Array
  readonly stored: Uint8Array
}

interface Bounds {
  readonly from: Uint8Array | undefined
  readonly until: Uint8Array | undefined
}

/**
 * An ordered map whose keys may be longer than LMDB's: a tree of nodes, each of them a range of LMDB keys.
 *
 * A key that fits lies in the root. Of a longer one the root holds the first chunk as a mark, and the node that is
 * named by the hash of the chunks before holds the rest, in the same way. Keys with a common start share its marks, so
 * that long keys cost no more than their length, and every node is in the order of the whole.
 *
 * Encoded keys end with 0x00 and hold no other: so a mark is never taken for a record, nor equal to one.
 */
export class RecordTree {
  readonly #access: Access
  readonly #prefix: Uint8Array

  constructor(access: Access, partition: Uint8Array) {
    this.#access = access
    this.#prefix = recordPrefix(partition)
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.#access.get(this.#path(key).leaf)
  }

  has(key: Uint8Array): boolean {
    return this.#access.has(this.#path(key).leaf)
  }

  set(key: Uint8Array, stored: Uint8Array): void {
    const { marks, leaf } = this.#path(key)
    for (const { at } of marks) if (!this.#access.has(at)) this.#access.put(at, MARK)
    this.#access.put(leaf, stored)
  }

  /** Whether there was such a key. */
  delete(key: Uint8Array): boolean {
    const { marks, leaf } = this.#path(key)
    if (!this.#access.has(leaf)) return false
    this.#access.remove(leaf)
    for (const { at, node } of marks.reverse()) {
      for (const _ of this.#access.keys(below(this.#entry(node)))) return true
      this.#access.remove(at)
    }
    return true
  }

  entries(range: KeyRange, reverse = false): Generator<StoredEntry> {
    return this.#scan(range, reverse, (within) => this.#access.entries(within, reverse))
  }

  *keys(range: KeyRange, reverse = false): Generator<Uint8Array> {
    const withoutValues = (within: ByteRange): Iterable<Entry> =>
      mapped(this.#access.keys(within, reverse), (key) => ({ key, value: MARK }))
    for (const { key } of this.#scan(range, reverse, withoutValues)) yield key
  }

  /** The marks on the way to a key, from the root on, and where its record is. */
  #path(key: Uint8Array): { marks: { at: Uint8Array; node: Uint8Array }[]; leaf: Uint8Array } {
    const marks: { at: Uint8Array; node: Uint8Array }[] = []
    let node: Uint8Array = ROOT
    let rest = key
    while (rest.length > CHUNK_BYTES) {
      const chunk = rest.subarray(0, CHUNK_BYTES)
      const at = this.#entry(node, chunk)
      node = hash(node, chunk)
      marks.push({ at, node })
      rest = rest.subarray(CHUNK_BYTES)
    }
    return { marks, leaf: this.#entry(node, rest) }
  }

  *#scan(
    { from, until }: Bounds,
    reverse: boolean,
    list: (within: ByteRange) => Iterable<Entry>,
    node: Uint8Array = ROOT,
    path: Uint8Array = new Uint8Array(0),
  ): Generator<StoredEntry> {
    const all = below(this.#entry(node))
    const within = {
      from: from === undefined ? all.from : this.#entry(node, from.subarray(0, CHUNK_BYTES)),
      until: until === undefined ? all.until : this.#endOf(node, until),
    }
    const start = all.from.length
    for (const { key, value } of list(within)) {
      const chunk = key.subarray(start)
      const whole = concat(path, chunk)
      if (chunk.at(-1) === 0) {
        yield { key: whole, stored: value }
        continue
      }
      const inner = { from: restOf(from, chunk), until: restOf(until, chunk) }
      yield* this.#scan(inner, reverse, list, hash(node, chunk), whole)
    }
  }

  /** A bound that goes on below a mark must not leave the mark out. */
  #endOf(node: Uint8Array, until: Uint8Array): Uint8Array {
    if (until.length <= CHUNK_BYTES) return this.#entry(node, until)
    return this.#entry(node, until.subarray(0, CHUNK_BYTES), Uint8Array.of(0))
  }

  #entry(node: Uint8Array, ...rest: readonly Uint8Array[]): Uint8Array {
    return concat(this.#prefix, node, ...rest)
  }
}

/** What is left of a bound below the mark `chunk`; nothing if the bound does not lead there. */
function restOf(bound: Uint8Array | undefined, chunk: Uint8Array): Uint8Array | undefined {
  if (bound === undefined || bound.length <= CHUNK_BYTES) return undefined
  return Buffer.compare(bound.subarray(0, CHUNK_BYTES), chunk) === 0 ? bound.subarray(CHUNK_BYTES) : undefined
}

function* mapped<A, B>(items: Iterable<A>, each: (item: A) => B): Generator<B> {
  for (const item of items) yield each(item)
}
