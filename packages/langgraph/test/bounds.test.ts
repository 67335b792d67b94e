import type { RunnableConfig } from '@langchain/core/runnables'
import {
  type Checkpoint,
  type CheckpointMetadata,
  emptyCheckpoint,
  uuid6,
} from '@langchain/langgraph-checkpoint'
import { describe, expect, test } from 'vitest'
import { CairnSaver } from '../src/index.js'
import { stallingDriver } from './support/stalling-driver.js'

/** Short, so that a test need not wait; longer than this no call takes by itself. */
const TIMEOUT_MS = 40
const FOR_EVER_MS = 2 ** 31 - 1

const metadata: CheckpointMetadata = { source: 'loop', step: 0, parents: {} }
const checkpoint = (step: number): Checkpoint => ({ ...emptyCheckpoint(), id: uuid6(step) })
const of = (checkpointId?: string, signal?: AbortSignal): RunnableConfig => ({
  ...(signal === undefined ? {} : { signal }),
  configurable: {
    thread_id: 't',
    checkpoint_ns: '',
    ...(checkpointId === undefined ? {} : { checkpoint_id: checkpointId }),
  },
})

async function drain(generator: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of generator) continue
}

interface Method {
  readonly call: (saver: CairnSaver, signal?: AbortSignal) => Promise<unknown>
  /** What was computed is to be kept, so a run that is cancelled stores it all the same. */
  readonly ignoresSignal?: true
}

/** Every public method that asks the storage. */
const methods: Readonly<Record<string, Method>> = {
  put: {
    call: async (saver) => await saver.put(of(), checkpoint(1), metadata, {}),
    ignoresSignal: true,
  },
  putWrites: {
    call: async (saver) => await saver.putWrites(of(uuid6(0)), [['a', 1]], 'task'),
    ignoresSignal: true,
  },
  'getTuple of the latest': { call: async (saver, signal) => await saver.getTuple(of(undefined, signal)) },
  'getTuple by id': { call: async (saver, signal) => await saver.getTuple(of(uuid6(0), signal)) },
  get: { call: async (saver, signal) => await saver.get(of(undefined, signal)) },
  'list of a thread': { call: async (saver, signal) => await drain(saver.list(of(undefined, signal))) },
  'list of all threads': {
    call: async (saver, signal) => await drain(saver.list(signal === undefined ? {} : { signal })),
  },
  getDeltaChannelHistory: {
    call: async (saver, signal) =>
      await saver.getDeltaChannelHistory({ config: of(uuid6(9), signal), channels: ['a'] }),
  },
  deleteThread: { call: async (saver) => await saver.deleteThread('t'), ignoresSignal: true },
  prune: { call: async (saver, signal) => await saver.prune(['t'], signal === undefined ? {} : { signal }) },
  copyThread: { call: async (saver) => await saver.copyThread('t', 'copy'), ignoresSignal: true },
  deleteForRuns: { call: async (saver) => await saver.deleteForRuns(['run']), ignoresSignal: true },
  withThread: {
    call: async (saver, signal) =>
      await saver.withThread('t', async () => 'ran', signal === undefined ? {} : { signal }),
  },
}

describe.each(Object.entries(methods))('%s on a storage that stops answering', (_name, method) => {
  test.each(['off', 'tail', 'thread'] as const)('ends by timeoutMs, healing: %s', async (healing) => {
    const { driver, stall } = stallingDriver()
    const saver = new CairnSaver(driver, { timeoutMs: TIMEOUT_MS, healing })
    await saver.put(of(), checkpoint(0), metadata, {})
    stall()
    await expect(method.call(saver)).rejects.toMatchObject({ code: 'timeout' })
  })

  if (method.ignoresSignal === true) return
  test('ends by its signal', async () => {
    const { driver, stall } = stallingDriver()
    const saver = new CairnSaver(driver, { timeoutMs: FOR_EVER_MS })
    await saver.put(of(), checkpoint(0), metadata, {})
    stall()
    const giveUp = new AbortController()
    const ended = method.call(saver, giveUp.signal).then(
      () => 'it did not fail',
      (cause: unknown) => cause,
    )
    const reason = new Error('the user went away')
    giveUp.abort(reason)
    const cause = await ended
    // A lease is waited for by the caller itself, who hears its own reason.
    const heard = cause === reason ? 'aborted' : (cause as { code?: unknown }).code
    expect(heard).toBe('aborted')
  })
})

test('every public method is among them', () => {
  const names = Object.keys(methods).map((name) => name.split(' ')[0])
  // What gives no promise, or asks no storage.
  const others = ['constructor', 'getNextVersion']
  const own = Object.getOwnPropertyNames(CairnSaver.prototype).filter((name) => !others.includes(name))
  expect(own.filter((name) => !names.includes(name))).toEqual([])
})

test('a listing that goes over the threads one by one ends when one of them is not given', async () => {
  const { driver, stall } = stallingDriver()
  const saver = new CairnSaver(driver, { timeoutMs: TIMEOUT_MS })
  for (const thread of ['a', 'b']) {
    await saver.put({ configurable: { thread_id: thread, checkpoint_ns: '' } }, checkpoint(0), metadata, {})
  }
  const listed = saver.list({})
  await listed.next()
  stall()
  await expect(drain(listed)).rejects.toMatchObject({ code: 'timeout' })
})
