import { type StorageDriver, StorageError } from '@cairnkit/core'
import { CairnSaver } from '@cairnkit/langgraph'
import type { RunnableConfig } from '@langchain/core/runnables'
import type { CheckpointTuple } from '@langchain/langgraph-checkpoint'
import { expect, test } from 'vitest'
import { checkStore } from '../src/check/check-store.js'
import type { Finding } from '../src/check/findings.js'
import { byThread } from '../src/check/thread-log.js'
import type { LogEntry, PutEntry, WritesEntry } from '../src/log/entry.js'
import { token } from '../src/log/token.js'
import { loggedRun } from './support/logged-run.js'

/** Only read, so one is enough for most tests. */
const sharedRun = loggedRun()

/** A saver that shows each checkpoint as `damage` leaves it: none for one that is gone, several for one that is there twice. */
class DamagedSaver extends CairnSaver {
  readonly #damage: (tuple: CheckpointTuple) => CheckpointTuple[]

  constructor(driver: StorageDriver, damage: (tuple: CheckpointTuple) => CheckpointTuple[]) {
    super(driver)
    this.#damage = damage
  }

  override async *list(config: RunnableConfig): AsyncGenerator<CheckpointTuple> {
    for await (const tuple of super.list(config)) yield* this.#damage(tuple)
  }
}

interface Victim {
  readonly put: PutEntry
  readonly writes: WritesEntry
}

/** A checkpoint in the middle of a thread that has pending writes. */
function victimOf(entries: readonly LogEntry[]): Victim {
  const puts = entries.filter((entry) => entry.type === 'put' && entry.namespace === '')
  const put = puts[Math.floor(puts.length / 4)]
  if (put?.type !== 'put') throw new Error('No checkpoint to damage')
  const writes = entries.find((entry) => entry.type === 'writes' && entry.checkpointId === put.checkpointId)
  if (writes?.type !== 'writes') throw new Error('The checkpoint to damage has no writes')
  return { put, writes }
}

async function check(
  driver: StorageDriver,
  entries: readonly LogEntry[],
  damage: (tuple: CheckpointTuple) => CheckpointTuple[] = (tuple) => [tuple],
): Promise<Finding[]> {
  return await checkStore(new DamagedSaver(driver, damage), byThread(entries).values())
}

/** Damages the victim and nothing else. */
function only(
  { put }: Victim,
  damage: (tuple: CheckpointTuple) => CheckpointTuple[],
): (tuple: CheckpointTuple) => CheckpointTuple[] {
  return (tuple) => (tuple.checkpoint.id === put.checkpointId ? damage(tuple) : [tuple])
}

function withValue(tuple: CheckpointTuple, channel: string, value: unknown): CheckpointTuple {
  const { checkpoint } = tuple
  return {
    ...tuple,
    checkpoint: { ...checkpoint, channel_values: { ...checkpoint.channel_values, [channel]: value } },
  }
}

function resultsOf(tuple: CheckpointTuple): string[] {
  return tuple.checkpoint.channel_values['results'] as string[]
}

test('nothing is found in what was stored as it was acknowledged', async () => {
  const { driver, entries } = await sharedRun
  const namespaces = new Set(entries.map((entry) => (entry.type === 'turn' ? '' : entry.namespace)))
  expect(entries.length).toBeGreaterThan(100)
  expect(namespaces).toContain('recall')
  expect(namespaces.size).toBeGreaterThan(3)
  expect(await check(driver, entries)).toEqual([])
})

test('a checkpoint that is gone is found, with each of its writes', async () => {
  const { driver, entries } = await sharedRun
  const victim = victimOf(entries)
  const found = await check(
    driver,
    entries,
    only(victim, () => []),
  )
  expect(found.every(({ type, thread }) => type === 'lost' && thread === victim.put.thread)).toBe(true)
  const whats = found.map((finding) => (finding.type === 'lost' ? finding.what : ''))
  expect(whats.filter((what) => what === 'checkpoint')).toHaveLength(1)
  expect(whats.filter((what) => what === 'write').length).toBeGreaterThanOrEqual(victim.writes.writes.length)
})

test('a thread that is gone is found', async () => {
  const { driver, entries } = await loggedRun()
  const { put } = victimOf(entries)
  await new CairnSaver(driver).deleteThread(put.thread)
  const found = await check(driver, entries)
  const puts = entries.filter((entry) => entry.type === 'put' && entry.thread === put.thread)
  const lost = found.filter((finding) => finding.type === 'lost' && finding.what === 'checkpoint')
  expect(lost).toHaveLength(puts.length)
})

test('a write that is gone is found', async () => {
  const { driver, entries } = await sharedRun
  const victim = victimOf(entries)
  const damage = only(victim, (tuple) => [{ ...tuple, pendingWrites: (tuple.pendingWrites ?? []).slice(1) }])
  expect(await check(driver, entries, damage)).toMatchObject([{ type: 'lost', what: 'write' }])
})

test('a checkpoint that is there twice is found', async () => {
  const { driver, entries } = await sharedRun
  const found = await check(
    driver,
    entries,
    only(victimOf(entries), (tuple) => [tuple, tuple]),
  )
  expect(found).toMatchObject([{ type: 'duplicated', detail: 'listed twice' }])
})

test('a write that is there twice is found', async () => {
  const { driver, entries } = await sharedRun
  const damage = only(victimOf(entries), (tuple) => {
    const writes = tuple.pendingWrites ?? []
    return [{ ...tuple, pendingWrites: [...writes, ...writes.slice(0, 1)] }]
  })
  expect(await check(driver, entries, damage)).toMatchObject([{ type: 'duplicated' }])
})

test('what was applied twice is found, also where the log says the same', async () => {
  const { driver, entries } = await sharedRun
  const victim = victimOf(entries)
  const damage = only(victim, (tuple) => [
    withValue(tuple, 'results', [...resultsOf(tuple), resultsOf(tuple)[0]]),
  ])
  const types = (await check(driver, entries, damage)).map(({ type }) => type)
  expect(types.sort()).toEqual(['duplicated', 'wrong'])
})

test('what belongs to another thread is found, in values, metadata and writes', async () => {
  const { driver, entries } = await sharedRun
  const victim = victimOf(entries)
  const stranger = token('w9-9-9', 1, 'ai')
  const mixed = async (damage: (tuple: CheckpointTuple) => CheckpointTuple): Promise<Finding[]> => {
    const found = await check(
      driver,
      entries,
      only(victim, (tuple) => [damage(tuple)]),
    )
    return found.filter(({ type }) => type === 'mixed')
  }
  const expected = [{ type: 'mixed', thread: victim.put.thread, detail: 'holds something of w9-9-9' }]
  expect(await mixed((tuple) => withValue(tuple, 'notes', [stranger]))).toMatchObject(expected)
  expect(
    await mixed((tuple) => ({ ...tuple, metadata: { ...tuple.metadata, stranger } as never })),
  ).toMatchObject(expected)
  expect(await mixed((tuple) => ({ ...tuple, pendingWrites: [['t', 'results', stranger]] }))).toMatchObject(
    expected,
  )
})

test('a checkpoint whose parent was never there is found', async () => {
  const { driver, entries } = await sharedRun
  const victim = victimOf(entries)
  const damage = only(victim, (tuple) => [
    { ...tuple, parentConfig: { configurable: { ...tuple.config.configurable, checkpoint_id: 'nobody' } } },
  ])
  const found = await check(driver, entries, damage)
  expect(found.map(({ type }) => type).sort()).toEqual(['half', 'wrong'])
})

test('a checkpoint that cannot be loaded is found', async () => {
  const { driver, entries } = await sharedRun
  const damage = only(victimOf(entries), () => {
    const reason = 'an object is missing'
    const details = { driver: 'memory', operation: 'read', reason } as const
    throw new StorageError({ code: 'corrupt', disposition: 'permanent', ...details })
  })
  const found = await check(driver, entries, damage)
  expect(found.find(({ type }) => type === 'half')).toMatchObject({
    detail: expect.stringContaining('missing'),
  })
})

test.each([
  ['another value', (tuple: CheckpointTuple) => withValue(tuple, 'turn', 99), 'channel turn holds another'],
  ['a missing value', (tuple: CheckpointTuple) => withValue(tuple, 'turn', undefined), 'channel turn'],
  [
    'other metadata',
    (tuple: CheckpointTuple) => ({ ...tuple, metadata: { ...tuple.metadata, step: 99 } as never }),
    'metadata',
  ],
])('%s is found', async (_, damage, detail) => {
  const { driver, entries } = await sharedRun
  const found = await check(
    driver,
    entries,
    only(victimOf(entries), (tuple) => [damage(tuple)]),
  )
  expect(found).toMatchObject([{ type: 'wrong', detail: expect.stringContaining(detail) }])
})

test('a write with another value is found', async () => {
  const { driver, entries } = await sharedRun
  const damage = only(victimOf(entries), (tuple) => {
    const [[taskId, channel] = ['', ''], ...rest] = tuple.pendingWrites ?? []
    return [{ ...tuple, pendingWrites: [[taskId, channel, 'another'], ...rest] }]
  })
  expect(await check(driver, entries, damage)).toMatchObject([{ type: 'wrong' }])
})

test('a checkpoint that nobody put is found', async () => {
  const { driver, entries } = await sharedRun
  const { put } = victimOf(entries)
  const others = entries.filter((entry) => !(entry.type === 'put' && entry.checkpointId === put.checkpointId))
  expect((await check(driver, others)).map(({ type }) => type)).toContain('unasked')
})

test('an error that said "not applied" of what is there is found; "perhaps applied" is right', async () => {
  const { driver, entries } = await sharedRun
  const { put } = victimOf(entries)
  const refusedAs = (disposition: 'transient' | 'ambiguous'): LogEntry[] =>
    entries.map((entry) => {
      if (entry.type !== 'put' || entry.checkpointId !== put.checkpointId) return entry
      const error = { name: 'StorageError', message: '', code: 'unavailable', disposition } as const
      return { ...entry, outcome: { ok: false, error } }
    })
  expect(await check(driver, refusedAs('transient'))).toMatchObject([{ type: 'misclassified' }])
  expect(await check(driver, refusedAs('ambiguous'))).toEqual([])
})
