import { type KeyAt, type KeyRange, type StoredRecord, type Tuple, keyAlone } from '@cairnkit/core/driver'

interface Entry {
  readonly at: Uint8Array
  readonly record: StoredRecord
}

/** The records of a partition, ordered by their encoded keys. */
export class OrderedRecords {
  readonly #entries: Entry[] = []

  get size(): number {
    return this.#entries.length
  }

  get(key: Tuple): StoredRecord | undefined {
    return this.first(keyAlone(key))
  }

  set(record: StoredRecord): void {
    const range = keyAlone(record.key)
    this.#entries.splice(this.#seek(range.from), this.count(range), { at: range.from, record })
  }

  delete(range: KeyRange): void {
    this.#entries.splice(this.#seek(range.from), this.count(range))
  }

  count({ from, until }: KeyRange): number {
    return Math.max(0, this.#seek(until) - this.#seek(from))
  }

  between({ from, until }: KeyRange): StoredRecord[] {
    return this.#entries.slice(this.#seek(from), this.#seek(until)).map((entry) => entry.record)
  }

  first(range: KeyRange): StoredRecord | undefined {
    return this.count(range) > 0 ? this.#entries[this.#seek(range.from)]?.record : undefined
  }

  last(range: KeyRange): StoredRecord | undefined {
    return this.count(range) > 0 ? this.#entries[this.#seek(range.until) - 1]?.record : undefined
  }

  readonly keyAt: KeyAt = (range, end) => this[end](range)?.key

  /** The position of the first entry that is not before `bound`. */
  #seek(bound: Uint8Array | undefined): number {
    let [low, high] = [0, this.#entries.length]
    while (bound !== undefined && low < high) {
      const middle = (low + high) >>> 1
      if (Buffer.compare((this.#entries[middle] as Entry).at, bound) < 0) low = middle + 1
      else high = middle
    }
    return high
  }
}
