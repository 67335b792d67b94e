import { type BaseCheckpointSaver, emptyCheckpoint } from '@langchain/langgraph-checkpoint'
import type { RunnableConfig } from '@langchain/core/runnables'
import { contenderOf } from '../savers/index.js'
import type { Places } from '../savers/contender.js'
import { socketTotals } from './socket-meter.js'

const METADATA = { source: 'loop' as const, step: 0, parents: {} }

/** How many sequential exchanges with the server each call of a saver took. */
export interface TripCounts {
  readonly getTuple: number
  readonly put: number
  readonly putWrites: number
  readonly listPage: number
  readonly deltaHistory: number
  readonly deleteThread: number
  /** A put and three putWrites, made in one tick. */
  readonly superstep: number
}

/** How many ancestors the history is asked of. */
export const DELTA_ANCESTORS = 300

const WARMING_THREADS = 32

export async function countTrips(contender: string, places: Places, thread: string): Promise<TripCounts> {
  const opened = await contenderOf(contender).open(places, 'empty')
  try {
    // Loads what a first call loads, on every server of a cluster: scripts, statements, connections.
    for (let at = 0; at < WARMING_THREADS; at++) {
      await callEverything(opened.saver, `${thread}-warm-${at}`, 2)
    }
    return await callEverything(opened.saver, thread, DELTA_ANCESTORS)
  } finally {
    await opened.close()
  }
}

async function callEverything(
  saver: BaseCheckpointSaver,
  thread: string,
  ancestors: number,
): Promise<TripCounts> {
  const config: RunnableConfig = { configurable: { thread_id: thread, checkpoint_ns: '' } }
  let tip = config
  let step = 0
  const putNext = async (): Promise<void> => {
    step += 1
    const id = `1ef${String(step).padStart(5, '0')}-0000-6000-8000-000000000000`
    const channels = { channel_values: { step }, channel_versions: { step }, versions_seen: {} }
    tip = await saver.put(tip, { ...emptyCheckpoint(), id, ...channels }, METADATA, { step })
  }
  const write = async (task: string): Promise<void> => await saver.putWrites(tip, [['history', step]], task)
  const put = await tripsOf(putNext)
  for (let at = 0; at < ancestors; at++) {
    await write('task')
    await putNext()
  }
  const putWrites = await tripsOf(async () => await write('other-task'))
  const superstep = await tripsOf(async () => {
    await Promise.all([write('a'), write('b'), write('c'), putNext()])
  })
  const getTuple = await tripsOf(async () => await saver.getTuple(config))
  const listPage = await tripsOf(async () => await drain(saver.list(config, { limit: 10 })))
  const deltaHistory = await tripsOf(
    async () => await saver.getDeltaChannelHistory({ config: tip, channels: ['history'] }),
  )
  const deleteThread = await tripsOf(async () => await saver.deleteThread(thread))
  return { getTuple, put, putWrites, superstep, listPage, deltaHistory, deleteThread }
}

async function tripsOf(work: () => Promise<unknown>): Promise<number> {
  const before = socketTotals().trips
  await work()
  const trips = socketTotals().trips - before
  if (trips === 0) throw new Error('a call of a saver with a server made no exchange: the count is wrong')
  return trips
}

async function drain(tuples: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of tuples);
}
