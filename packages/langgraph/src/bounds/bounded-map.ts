interface Kept<K, V> {
  readonly key: K
  readonly value: V
  readonly costBytes: number
  /** The number of the use in which it was asked for last. */
  usedIn: number
  older: Kept<K, V> | undefined
  newer: Kept<K, V> | undefined
}

/** Values by key, of which those that were not used for longest go when they cost more bytes than may be kept. */
export class BoundedMap<K, V> {
  readonly #maxBytes: number
  readonly #kept = new Map<K, Kept<K, V>>()
  /**
   * The ends of a list in the order of use. The map has an order, too, but V8 finds its first entry behind the places of
   * all that were deleted before it.
   */
  #oldest: Kept<K, V> | undefined
  #newest: Kept<K, V> | undefined
  #costBytes = 0
  #use = 0

  /** `maxBytes` of 0 keeps nothing. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  get costBytes(): number {
    return this.#costBytes
  }

  get size(): number {
    return this.#kept.size
  }

  /** What is asked for from now on is in use until this is called again: see {@link offer}. */
  startUse(): void {
    this.#use += 1
  }

  /** Does not count as a use. */
  peek(key: K): V | undefined {
    return this.#kept.get(key)?.value
  }

  get(key: K): V | undefined {
    const kept = this.#kept.get(key)
    if (kept === undefined) return undefined
    // What was used since is about as new.
    if (kept.usedIn !== this.#use) {
      kept.usedIn = this.#use
      this.#unlink(kept)
      this.#append(kept)
    }
    return kept.value
  }

  /** Makes it the newest, and gives back the values that went for it. What is too large by itself is not kept, and goes too. */
  set(key: K, value: V, costBytes: number): V[] {
    this.delete(key)
    if (costBytes > this.#maxBytes) return [value]
    const gone = this.#makeRoom(costBytes, () => true)
    this.#keep(key, value, costBytes)
    return gone
  }

  /**
   * Keeps it where it has room without what is in use. So a walk over more than there is room for leaves the same part of it
   * each time, and the next walk finds that part: pushed out by what comes behind it, each would be gone when it is needed.
   */
  offer(key: K, value: V, costBytes: number): void {
    this.delete(key)
    this.#makeRoom(costBytes, ({ usedIn }) => usedIn !== this.#use)
    if (this.#costBytes + costBytes <= this.#maxBytes) this.#keep(key, value, costBytes)
  }

  delete(key: K): void {
    const kept = this.#kept.get(key)
    if (kept !== undefined) this.#forget(kept)
  }

  #keep(key: K, value: V, costBytes: number): void {
    const kept = { key, value, costBytes, usedIn: this.#use, older: undefined, newer: undefined }
    this.#kept.set(key, kept)
    this.#append(kept)
    this.#costBytes += costBytes
  }

  #forget(kept: Kept<K, V>): void {
    this.#kept.delete(kept.key)
    this.#unlink(kept)
    this.#costBytes -= kept.costBytes
  }

  #makeRoom(costBytes: number, mayGo: (kept: Kept<K, V>) => boolean): V[] {
    const gone: V[] = []
    while (this.#costBytes + costBytes > this.#maxBytes) {
      const oldest = this.#oldest
      if (oldest === undefined || !mayGo(oldest)) break
      this.#forget(oldest)
      gone.push(oldest.value)
    }
    return gone
  }

  #append(kept: Kept<K, V>): void {
    kept.older = this.#newest
    kept.newer = undefined
    if (this.#newest === undefined) this.#oldest = kept
    else this.#newest.newer = kept
    this.#newest = kept
  }

  #unlink({ older, newer }: Kept<K, V>): void {
    if (older === undefined) this.#oldest = newer
    else older.newer = newer
    if (newer === undefined) this.#newest = older
    else newer.older = older
  }
}
