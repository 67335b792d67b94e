import { setTimeout as delay } from 'node:timers/promises'
import type { LabNode } from '@cairnkit/redis-lab'
import type { RedisTransport } from '../../src/connections/index.js'

const WRITERS = 8
/** How long one waits for a replica. */
const WAIT_MS = 500

/** Writes without a pause, and knows which of its writes a replica had acknowledged. */
export class AcknowledgedWrites {
  readonly #transport: RedisTransport
  /** By name, when each was sent. */
  readonly #acknowledged = new Map<string, number>()
  readonly #writers: Promise<void>[]
  #isDeposed = false

  constructor(transport: RedisTransport) {
    this.#transport = transport
    this.#writers = Array.from({ length: WRITERS }, (_, writer) => this.#write(writer))
  }

  get count(): number {
    return this.#acknowledged.size
  }

  async end(): Promise<void> {
    this.#isDeposed = true
    await Promise.all(this.#writers)
  }

  /** Those of them that were sent after a moment, and that this server does not have. */
  async missingOn(node: LabNode, after: number): Promise<string[]> {
    const missing: string[] = []
    for (const [key, sentAt] of this.#acknowledged) {
      if (sentAt > after && Number(await node.command('EXISTS', key)) === 0) missing.push(key)
    }
    return missing
  }

  /** How many were sent after a moment. */
  countSince(after: number): number {
    return [...this.#acknowledged.values()].filter((sentAt) => sentAt > after).length
  }

  async #write(writer: number): Promise<void> {
    for (let at = 0; !this.#isDeposed; at++) {
      const name = `${writer}/${at}`
      const key = Buffer.from(name)
      try {
        const command = ['SET', key, 'value'] as const
        const sentAt = performance.now()
        const wait = ['WAIT', '1', String(WAIT_MS)] as const
        const { waited } = await this.#transport.sendThenWait(key, command, wait, { timeoutMs: 2 * WAIT_MS })
        const outcome = await waited
        if (outcome.ok && Number(outcome.reply) >= 1) this.#acknowledged.set(name, sentAt)
      } catch {
        // Nobody was told that it was written.
        await delay(10)
      }
    }
  }
}
