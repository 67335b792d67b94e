import { Redis } from 'ioredis'
import { texts } from '../workloads/text.js'
import { collectYoung } from './collect-young.js'
import { Meter } from './meter.js'
import type { CeilingRequest, Finished, RunAnswer } from './protocol.js'
import type { Session } from './session.js'

/** What a MULTI of one SET and what a GET add to the value, on the wire. */
const SET_OVERHEAD = 100

/**
 * What the server and a bare client would allow: as many calls a turn as a saver makes and as many bytes as it moves,
 * each call one MULTI, no serialization, no LangGraph. Reads come first; then all writes are in flight together.
 */
export class CeilingSession implements Session {
  readonly #client: Redis
  readonly #request: CeilingRequest
  readonly #value: string

  static async open(request: CeilingRequest): Promise<CeilingSession> {
    const client = new Redis(request.redisUrl)
    const [stored = ''] = texts(1, Math.ceil(request.receivedPerTurn / Math.max(1, request.readsPerTurn)), 1)
    await client.set('ceiling:read', stored)
    return new CeilingSession(client, request)
  }

  private constructor(client: Redis, request: CeilingRequest) {
    this.#client = client
    this.#request = request
    const perWrite = Math.round(request.sentPerTurn / Math.max(1, request.writesPerTurn)) - SET_OVERHEAD
    this.#value = texts(2, Math.max(1, perWrite), 1)[0] ?? ''
  }

  async run(): Promise<RunAnswer> {
    collectYoung()
    const meter = new Meter()
    const { turns, readsPerTurn, writesPerTurn } = this.#request
    for (let turn = 0; turn < turns; turn++) {
      await meter.time(async () => {
        for (let read = 0; read < readsPerTurn; read++)
          await this.#multi((multi) => multi.get('ceiling:read'))
        const writes = Array.from({ length: writesPerTurn }, async (_, at) => {
          await this.#multi((multi) => multi.set(`ceiling:${turn}:${at}`, this.#value))
        })
        await Promise.all(writes)
      })
    }
    return { cost: meter.cost(), calls: undefined }
  }

  async verify(): Promise<Finished> {
    const { turns, writesPerTurn } = this.#request
    const last = await this.#client.get(`ceiling:${turns - 1}:${writesPerTurn - 1}`)
    if (last !== this.#value) throw new Error('the last value is not there')
    return { storedBytes: undefined }
  }

  async close(): Promise<void> {
    await this.#client.quit()
  }

  async #multi(add: (multi: ReturnType<Redis['multi']>) => ReturnType<Redis['multi']>): Promise<void> {
    const results = await add(this.#client.multi()).exec()
    for (const [error] of results ?? []) if (error !== null) throw error
  }
}
