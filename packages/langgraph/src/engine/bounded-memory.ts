/** Values by name, of which the oldest are forgotten when there are more bytes than may be kept. */
export class BoundedMemory<Value extends { readonly costBytes: number }> {
  readonly #maxBytes: number
  readonly #values = new Map<string, Value>()
  #costBytes = 0

  /** `maxBytes` of 0 keeps nothing. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  get costBytes(): number {
    return this.#costBytes
  }

  get(name: string): Value | undefined {
    return this.#values.get(name)
  }

  /** Makes it the youngest. One that is too large by itself is not kept. */
  set(name: string, value: Value): void {
    this.#forget(name)
    if (value.costBytes > this.#maxBytes) return
    this.#values.set(name, value)
    this.#costBytes += value.costBytes
    for (const oldest of this.#values.keys()) {
      if (this.#costBytes <= this.#maxBytes) return
      this.#forget(oldest)
    }
  }

  #forget(name: string): void {
    this.#costBytes -= this.#values.get(name)?.costBytes ?? 0
    this.#values.delete(name)
  }
}
