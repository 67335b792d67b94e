/**
 * Objects, and records in parts, by native commands, whose cost does not grow with their size as that of a script does. A server runs all that a
 * connection has sent before it turns to the next one, so only so many are in flight: what waits is sent as replies come.
 * The deadline is the caller's business, one for all that it asks for together.
 */

import type { ObjectId } from '@cairnkit/core/driver'
import { type Bounds, objectBounds, partBounds } from '../encoding/bounds.js'
import { type SplitMarker, joinParts } from '../encoding/split-value.js'
import type { RedisTransport } from '../../redis-transport.js'
import { bytesListReply } from '../script/reply.js'

export class NativeReads {
  readonly #transport: RedisTransport
  readonly #key: Uint8Array
  #free: number
  readonly #waiting: (() => void)[] = []

  constructor(transport: RedisTransport, key: Uint8Array, maxInFlight: number) {
    this.#transport = transport
    this.#key = key
    this.#free = maxInFlight
  }

  /** The `o` member of an object; `undefined` when it is not there now. */
  async fetchHead(id: ObjectId): Promise<Uint8Array | undefined> {
    const [member] = await this.#fetchMembers(objectBounds(id))
    return member
  }

  /** Of an object or a record. Part by part: a reply is never larger than a part. `undefined` when they do not match. */
  async fetchParts(content: SplitMarker, name: Uint8Array): Promise<Uint8Array | undefined> {
    const numbers = Array.from({ length: content.parts }, (_, number) => number)
    const parts = await Promise.all(numbers.map((number) => this.#fetchMembers(partBounds(name, number))))
    return joinParts(content, parts.flat())
  }

  /** What has not been sent is not sent any more, and never settles. */
  stop(): void {
    this.#waiting.length = 0
  }

  async #fetchMembers({ lower, upper }: Bounds): Promise<Uint8Array[]> {
    if (this.#free === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    else this.#free--
    try {
      const command = ['ZRANGE', this.#key, lower, upper, 'BYLEX'] as const
      return bytesListReply(await this.#transport.send(this.#key, command))
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#free++
      else next()
    }
  }
}
