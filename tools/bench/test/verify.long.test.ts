import { setMaxListeners } from 'node:events'
import type { RunnableConfig } from '@langchain/core/runnables'
import { type CheckpointTuple, MemorySaver } from '@langchain/langgraph-checkpoint'
import { describe, expect, test } from 'vitest'
import { Meter } from '../src/child/meter.js'
import { workloads } from '../src/workloads/index.js'
import type { Workload } from '../src/workloads/workload.js'

const TURNS = 20

// LangGraph listens to one signal once per task of a fan-out, and Node warns of that.
setMaxListeners(0)

async function runOn(workload: Workload, saver: MemorySaver) {
  const context = { saver, thread: 'thread', seed: 1, turns: TURNS, history: true }
  const prepared = await workload.prepare(context)
  const meter = new Meter()
  await prepared.run(meter)
  return { prepared, cost: meter.cost() }
}

/** Gives back everything but the last message. */
class Forgetful extends MemorySaver {
  constructor(source: MemorySaver) {
    super()
    this.storage = source.storage
    this.writes = source.writes
  }

  override async getTuple(config: RunnableConfig): Promise<CheckpointTuple | undefined> {
    const tuple = await super.getTuple(config)
    const values = tuple?.checkpoint.channel_values ?? {}
    for (const [name, value] of Object.entries(values)) {
      if (Array.isArray(value)) values[name] = value.slice(0, -1) as unknown
    }
    return tuple
  }
}

// A DeltaChannel keeps no list in its checkpoints, and the large reads are the chat again.
const checked = workloads.filter(({ id }) => !['delta-chat', 'warm-read'].includes(id))

describe.each(checked.map((workload) => [workload.id, workload] as const))('%s', (_, workload) => {
  test('is satisfied with what was written, and times every turn', async () => {
    const saver = new MemorySaver()
    const { prepared, cost } = await runOn(workload, saver)
    await prepared.verify(saver)
    expect(cost.latenciesMs).toHaveLength(TURNS)
    expect(cost.wallMs).toBeGreaterThan(0)
  })

  test('notices a saver that lost everything, and one that lost a little', async () => {
    const saver = new MemorySaver()
    const { prepared } = await runOn(workload, saver)
    await expect(prepared.verify(new MemorySaver())).rejects.toThrow(/read back/)
    await expect(prepared.verify(new Forgetful(saver))).rejects.toThrow(/read back/)
  })
})

test('a chat notices that older checkpoints are gone', async () => {
  const [chat] = workloads
  const saver = new MemorySaver()
  const { prepared } = await runOn(chat as Workload, saver)
  const checkpoints = saver.storage['thread']?.[''] ?? {}
  for (const id of Object.keys(checkpoints).sort().slice(0, -1)) delete checkpoints[id]
  await expect(prepared.verify(saver)).rejects.toThrow('messages per checkpoint')
})

test('a DeltaChannel chat notices a saver that lost everything', async () => {
  const delta = workloads.find(({ id }) => id === 'delta-chat') as Workload
  const saver = new MemorySaver()
  const { prepared } = await runOn(delta, saver)
  await prepared.verify(saver)
  await expect(prepared.verify(new MemorySaver())).rejects.toThrow(/read back/)
})
