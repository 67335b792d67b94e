import { StorageError, type StorageDriver } from '@cairnkit/core'
import { CairnSaver } from '@cairnkit/langgraph'
import { type Lab, labFacts, startLab } from '@cairnkit/redis-lab'
import { type TestContext, describe, expect, test } from 'vitest'
import { openCell } from '../src/cell-under-test.js'
import { chatGraph, human, threadConfig } from '../src/graphs.js'
import { redisDriver } from '../src/redis-driver.js'

/** What a call is told to take at most. */
const SHORT_MS = 300
/** More than any call of these tests takes on a busy machine. */
const PATIENCE_MS = 120_000
/** Far from both: what ends by then was ended by its own limit. */
const LATE_MS = 60_000

const cell = await openCell('bounds')
const { storage } = cell.cell

/** Every method of a driver that asks the servers. */
const methods: Readonly<
  Record<
    string,
    (driver: StorageDriver, options: { timeoutMs?: number; signal?: AbortSignal }) => Promise<unknown>
  >
> = {
  read: async (driver, options) => await driver.read('p', [{ type: 'info' }], options),
  commit: async (driver, options) =>
    await driver.commit('p', { mutations: [{ type: 'put', key: ['a'], bytes: new Uint8Array(1) }] }, options),
  'commit with durability': async (driver, options) =>
    await driver.commit('p', {}, { ...options, durability: { replicas: 0, timeoutMs: 50, fsync: false } }),
  drop: async (driver, options) => await driver.drop('p', options),
  partitions: async (driver, options) => {
    for await (const _ of driver.partitions('', options)) continue
  },
}

async function failureOf(driver: StorageDriver, work: Promise<unknown>): Promise<string> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'late'>((resolve) => (timer = setTimeout(() => resolve('late'), LATE_MS)))
  const outcome = work.then(
    () => 'it did not fail',
    (cause: unknown) => (StorageError.isInstance(cause) ? cause.code : driver.classify(cause).code),
  )
  try {
    return await Promise.race([outcome, late])
  } finally {
    clearTimeout(timer)
  }
}

const NO_SERVERS = 'there is no server that could stop answering'

const given = ['timeout', 'unavailable']

describe('servers that stop answering', () => {
  /** With servers that stand still from when `use` says so. */
  async function standing(
    context: TestContext,
    timeoutMs: number,
    use: (driver: StorageDriver, pause: () => Promise<void>, lab: Lab) => Promise<void>,
  ): Promise<void> {
    if (storage.kind !== 'redis') return context.skip(NO_SERVERS)
    await using lab = await startLab(storage.topology)
    const driver = redisDriver(storage, labFacts(lab), cell.keyPrefix, { timeoutMs })
    try {
      await use(
        driver,
        async () => void (await Promise.all(lab.nodes.map(async (node) => await node.pause()))),
        lab,
      )
    } finally {
      await Promise.all(lab.nodes.map(async (node) => await node.resume()))
      await driver.close()
    }
  }

  test('every method of a driver ends by its own limit, by its signal, and close ends', async (context) => {
    await standing(context, PATIENCE_MS, async (driver, pause) => {
      await driver.open()
      for (const call of Object.values(methods)) await call(driver, {})
      await pause()
      for (const [name, call] of Object.entries(methods)) {
        const code = await failureOf(driver, call(driver, { timeoutMs: SHORT_MS }))
        expect([name, given.includes(code) ? 'ended' : code]).toEqual([name, 'ended'])
        const giveUp = new AbortController()
        const ended = failureOf(driver, call(driver, { signal: giveUp.signal }))
        setImmediate(() => giveUp.abort())
        expect([name, await ended]).toEqual([name, 'aborted'])
      }
      expect(await failureOf(driver, driver.close({ timeoutMs: LATE_MS / 2 }))).not.toBe('late')
    })
  })

  test('every method of a driver ends by the limit of the driver', async (context) => {
    await standing(context, 1000, async (driver, pause) => {
      await driver.open()
      for (const call of Object.values(methods)) await call(driver, {})
      await pause()
      const ended = Object.entries(methods).map(
        async ([name, call]) => [name, given.includes(await failureOf(driver, call(driver, {})))] as const,
      )
      expect(await Promise.all(ended)).toEqual(Object.keys(methods).map((name) => [name, true]))
    })
  })

  test('opening ends by connectTimeoutMs, and the first call by its own', async (context) => {
    await standing(context, 1000, async (driver, pause) => {
      await pause()
      expect(given).toContain(await failureOf(driver, driver.open()))
      for (const call of Object.values(methods)) {
        expect(given).toContain(await failureOf(driver, call(driver, { timeoutMs: SHORT_MS })))
      }
    })
  })

  test('a run ends by timeoutMs of its saver', async (context) => {
    await standing(context, 1000, async (driver, pause) => {
      const saver = new CairnSaver(driver, { timeoutMs: 2000 })
      await chatGraph(saver).invoke(human('hello'), threadConfig('bounds'))
      await pause()
      expect(given).toContain(
        await failureOf(driver, chatGraph(saver).invoke(human('and?'), threadConfig('bounds'))),
      )
    })
  })
})

/** Longer than a command, a call and a connection may take here. */
const STANDSTILL_MS = 2500

/** Nobody else runs in this process meanwhile. */
function standStill(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, STANDSTILL_MS)
}

const ways: Readonly<Record<string, (work: () => void) => void>> = {
  'in the tick of the call': (work) => process.nextTick(work),
  'in the next turn': (work) => void setImmediate(work),
  'a little later': (work) => void setTimeout(work, 1),
}

describe('a process that stands still', () => {
  test.for(Object.entries(ways))(
    'does not take the server for silent: %s',
    async ([name, later], context) => {
      if (storage.kind !== 'redis' || cell.lab === undefined) return context.skip(NO_SERVERS)
      const driver = redisDriver(storage, labFacts(cell.lab), cell.keyPrefix, { timeoutMs: 1000 })
      try {
        const retries: string[] = []
        const observer = {
          onRetry: ({ errorCode }: { errorCode: string }): void => void retries.push(errorCode),
        }
        const saver = new CairnSaver(driver, { timeoutMs: 2000, observer })
        await driver.open()
        later(standStill)
        await chatGraph(saver).invoke(human('hello'), threadConfig(name))
        expect(retries).toEqual([])
      } finally {
        await driver.close()
      }
    },
  )
})
