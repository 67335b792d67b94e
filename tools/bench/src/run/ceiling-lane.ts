import type { CeilingRequest } from '../child/protocol.js'
import type { Row } from '../results/report.js'
import type { BenchContext } from './context.js'
import { type Sample, figuresOf } from './figures.js'
import type { Lane } from './lane.js'

/** Whose calls and bytes the ceiling repeats. */
export const CEILING_OF = 'cairn-ioredis'

const SAVER = 'bare-client'
const TITLE = 'ceiling: bare ioredis, one MULTI a call'

/** The bare client, with as many calls and bytes a turn as the lane that it repeats had in the same round. */
export class CeilingLane {
  readonly #context: BenchContext
  readonly #turns: number
  readonly #samples: Sample[] = []
  #out: { readonly status: 'missing' | 'failed'; readonly reason: string } | undefined

  constructor(context: BenchContext, turns: number) {
    this.#context = context
    this.#turns = turns
  }

  async round(workload: string, lane: Lane | undefined): Promise<void> {
    this.#context.step(`${workload}: ${TITLE}`)
    if (this.#out !== undefined) return
    const { services, children } = this.#context
    const server = services.servers.get('redis')
    const request = requestOf(lane, server?.url, this.#turns)
    if (server === undefined || request === undefined) {
      this.#out = { status: 'missing', reason: `repeats what ${CEILING_OF} does, which is not measured here` }
      return
    }
    try {
      await server.clear()
      const child = await children.of(SAVER)
      await child.call('prepareCeiling', request)
      const { cost } = await child.call('run')
      await child.call('verify')
      await child.call('close')
      this.#samples.push({ cost })
    } catch (error) {
      this.#out = { status: 'failed', reason: error instanceof Error ? error.message : String(error) }
      await children.replace(SAVER)
    }
  }

  row(): Row {
    const named = { saver: SAVER, title: TITLE }
    if (this.#out !== undefined) return { ...named, ...this.#out }
    const figures = figuresOf(this.#samples, undefined, { turns: this.#turns, grows: false, network: true })
    return { ...named, status: 'measured', figures, series: [] }
  }
}

function requestOf(
  lane: Lane | undefined,
  redisUrl: string | undefined,
  turns: number,
): CeilingRequest | undefined {
  const { lastSample, survey } = lane ?? {}
  if (lastSample === undefined || survey?.calls === undefined || redisUrl === undefined) return undefined
  const { getTuple, getDeltaChannelHistory, put, putWrites } = survey.calls
  return {
    redisUrl,
    turns,
    sentPerTurn: lastSample.cost.bytesSent / turns,
    receivedPerTurn: lastSample.cost.bytesReceived / turns,
    readsPerTurn: Math.round((getTuple + getDeltaChannelHistory) / survey.turns),
    writesPerTurn: Math.round((put + putWrites) / survey.turns),
  }
}
