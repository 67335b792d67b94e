interface Kept<V> {
  readonly value: V
  readonly costBytes: number
  /** The number of the use in which it was asked for last. */
  usedIn: number
}

/** Values by key, of which those that were not used for longest go when they cost more bytes than may be kept. */
export class BoundedMap<K, V> {
  readonly #maxBytes: number
  /** The one that was used last stands last. */
  readonly #kept = new Map<K, Kept<V>>()
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
      this.#kept.delete(key)
      this.#kept.set(key, kept)
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
    this.#costBytes -= this.#kept.get(key)?.costBytes ?? 0
    this.#kept.delete(key)
  }

  #keep(key: K, value: V, costBytes: number): void {
    this.#kept.set(key, { value, costBytes, usedIn: this.#use })
    this.#costBytes += costBytes
  }

  #makeRoom(costBytes: number, mayGo: (kept: Kept<V>) => boolean): V[] {
    const gone: V[] = []
    for (const [key, kept] of this.#kept) {
      if (this.#costBytes + costBytes <= this.#maxBytes || !mayGo(kept)) break
      this.delete(key)
      gone.push(kept.value)
    }
    return gone
  }
}
