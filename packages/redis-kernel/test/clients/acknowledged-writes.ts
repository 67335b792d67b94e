import { setTimeout as delay } from 'node:timers/promises'
import type { LabNode } from '@cairnkit/redis-lab'
import type { RedisTransport } from '../../src/index.js'

const WRITERS = 8
/** How long one waits for a replica. */
const WAIT_MS = 500

/** Writes without a pause, and knows which of its writes a replica had acknowledged. */
export class AcknowledgedWrites {
  readonly #transport: RedisTransport
  readonly #acknowledged: string[] = []
  readonly #writers: Promise<void>[]
  #isOver = false

  constructor(transport: RedisTransport) {
    this.#transport = transport
    this.#writers = Array.from({ length: WRITERS }, (_, writer) => this.#write(writer))
  }

  get count(): number {
    return this.#acknowledged.length
  }

  async end(): Promise<void> {
    this.#isOver = true
    await Promise.all(this.#writers)
  }

  /** Those of them that this server does not have. */
  async missingOn(node: LabNode): Promise<string[]> {
    const missing: string[] = []
    for (const key of this.#acknowledged) {
      if (Number(await node.command('EXISTS', key)) === 0) missing.push(key)
    }
    return missing
  }

  async #write(writer: number): Promise<void> {
    for (let at = 0; !this.#isOver; at++) {
      const name = `${writer}/${at}`
      const key = Buffer.from(name)
      try {
        const command = ['SET', key, 'value'] as const
        const wait = ['WAIT', '1', String(WAIT_MS)] as const
        const { waited } = await this.#transport.sendThenWait(key, command, wait, { timeoutMs: 2 * WAIT_MS })
        const outcome = await waited
        if (outcome.ok && Number(outcome.reply) >= 1) this.#acknowledged.push(name)
      } catch {
        // Nobody was told that it was written.
        await delay(10)
      }
    }
  }
}
