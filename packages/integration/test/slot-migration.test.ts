import { CairnSaver } from '@cairnkit/langgraph'
import { type ClusterLab, labFacts, startLab } from '@cairnkit/redis-lab'
import { emptyCheckpoint } from '@langchain/langgraph-checkpoint'
import { expect, test } from 'vitest'
import { openCell } from '../src/cell-under-test.js'
import { redisDriver } from '../src/redis-driver.js'

const NO_SLOTS = 'slots move on a Cluster only'
const OLD_THREADS = 7
const metadata = { source: 'loop' as const, step: 0, parents: {} }

/** A busy machine takes minutes for as many calls. */
const TIMEOUT_MS = 900_000

test(
  'while slots migrate under load, every call succeeds and gives the right value',
  { timeout: TIMEOUT_MS },
  async (context) => {
    await using cell = await openCell('slots')
    const { storage } = cell.cell
    if (storage.kind !== 'redis' || storage.topology !== 'cluster') return context.skip(NO_SLOTS)
    await using lab = await startLab('cluster')
    await using driver = redisDriver(storage, labFacts(lab), cell.keyPrefix)
    const slotOf = (threadId: string): number => lab.slotOf(`${cell.keyPrefix}:{thread:${threadId}}`)

    const oldThreads = Array.from({ length: OLD_THREADS }, (_, at) => `old-${at}`)
    const writer = new CairnSaver(driver)
    await Promise.all(oldThreads.map(async (threadId) => await chatOn(writer, threadId, 0, 2)))

    const done = new AbortController()
    const tally = { calls: 0, halfMoved: 0 }
    const busyOld = oldThreads.map(async (threadId) => {
      // A saver that remembers, and one that does not, on the same threads.
      const savers = [new CairnSaver(driver), new CairnSaver(driver)]
      for (let turn = 2; !done.signal.aborted; turn++) {
        tally.calls += await chatOn(savers[turn % 2]!, threadId, turn, turn + 1)
      }
    })
    const busyNew = Array.from({ length: 4 }, async (_, lane) => {
      const saver = new CairnSaver(driver)
      for (let at = 0; !done.signal.aborted; at++) {
        // Threads that are born while their slot is half moved.
        tally.calls += await chatOn(saver, `new-${lane}-${at}`, 0, 1)
      }
    })
    const slots = [...new Set(oldThreads.map(slotOf))]
    const onHalfMoved = async (): Promise<void> => {
      tally.halfMoved += 1
      // New threads in the very slot that is half moved, and old ones of it.
      const saver = new CairnSaver(driver)
      const threads = oldThreads.slice(0, 5)
      await Promise.all(
        threads.map(async (threadId) => await saver.getTuple({ configurable: { thread_id: threadId } })),
      )
    }
    try {
      // However slow the machine is, this many calls meet slots that move.
      while (tally.calls < 500 || tally.halfMoved < 20) await moveThereAndBack(lab, slots, onHalfMoved)
    } finally {
      done.abort()
      await Promise.all([...busyOld, ...busyNew])
    }
    for (const threadId of oldThreads) {
      const seen: string[] = []
      for await (const tuple of writer.list({ configurable: { thread_id: threadId, checkpoint_ns: '' } }))
        seen.push(tuple.checkpoint.id)
      const expected = Array.from({ length: seen.length }, (_, turn) => idOf(turn)).toReversed()
      expect(seen).toEqual(expected)
    }
  },
)

async function moveThereAndBack(
  lab: ClusterLab,
  slots: number[],
  onHalfMoved: () => Promise<void>,
): Promise<void> {
  const [first, second] = await lab.primaries()
  for (const target of [first, second, first]) {
    if (target !== undefined) await lab.migrateSlots(slots, target, { batchSize: 1, onHalfMoved })
  }
}

function idOf(turn: number): string {
  return `c${String(turn).padStart(6, '0')}`
}

/** Turns of a thread: put, write, read back. Resolves to how many calls that were. */
async function chatOn(saver: CairnSaver, threadId: string, from: number, until: number): Promise<number> {
  for (let turn = from; turn < until; turn++) {
    const parent = turn === 0 ? {} : { checkpoint_id: idOf(turn - 1) }
    const values = { turn, text: `${threadId} at ${turn}`, kept: threadId }
    const stored = await saver.put(
      { configurable: { thread_id: threadId, ...parent } },
      {
        ...emptyCheckpoint(),
        id: idOf(turn),
        channel_values: values,
        channel_versions: { turn: turn + 1, text: turn + 1, kept: 1 },
      },
      metadata,
      turn === 0 ? { turn: 1, text: 1, kept: 1 } : { turn: turn + 1, text: turn + 1 },
    )
    await saver.putWrites(stored, [['x', turn]], 'task')
    const tuple = await saver.getTuple({ configurable: { thread_id: threadId } })
    expect(tuple?.checkpoint.channel_values).toEqual(values)
    expect(tuple?.pendingWrites).toEqual([['task', 'x', turn]])
  }
  return (until - from) * 3
}
