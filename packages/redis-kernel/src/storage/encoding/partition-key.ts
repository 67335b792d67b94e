import type { PartitionId } from '@cairnkit/core/driver'

/**
 * The names of Redis keys: `<keyPrefix>:{<id>}`. The hash tag is there on a single server too, because proxies that
 * look like one enforce slots. Neither the prefix nor an id holds a brace, so the tag is always the whole id.
 */
export class PartitionKeys {
  readonly #start: string

  constructor(keyPrefix: string) {
    this.#start = `${keyPrefix}:{`
  }

  encode(id: PartitionId): Uint8Array {
    return Buffer.from(`${this.#start}${id}}`)
  }

  /** `undefined` for a key that is no partition's. */
  decode(key: Uint8Array): PartitionId | undefined {
    const text = Buffer.from(key).toString()
    if (!text.startsWith(this.#start) || !text.endsWith('}')) return undefined
    const id = text.slice(this.#start.length, -1)
    return id === '' || /[{}]/.test(id) ? undefined : id
  }

  /** The glob pattern of the keys of ids that begin with `prefix`. */
  pattern(prefix: string): string {
    return `${`${this.#start}${prefix}`.replace(/[\\*?[\]]/g, '\\$&')}*}`
  }
}
