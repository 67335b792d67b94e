import { describe, expect, test } from 'vitest'
import { CairnSaver } from '../src/index.js'
import { stallingDriver } from './support/stalling-driver.js'

/** So long no call may take by itself: what ends earlier was ended by the options of withThread. */
const FOR_EVER_MS = 2 ** 31 - 1

function stallingSaver() {
  const { driver, stall } = stallingDriver()
  return { saver: new CairnSaver(driver, { timeoutMs: FOR_EVER_MS }), driver, stall }
}

describe('withThread on a storage that stops answering', () => {
  test('ends with the reason of its signal, whatever it waits for', async () => {
    for (const waitMs of [0, FOR_EVER_MS, Number.POSITIVE_INFINITY]) {
      const { saver, stall } = stallingSaver()
      stall()
      const giveUp = new AbortController()
      const run = saver.withThread('t', async () => 'ran', { waitMs, signal: giveUp.signal })
      const reason = new Error('the user went away')
      giveUp.abort(reason)
      await expect(run).rejects.toBe(reason)
    }
  })

  test('ends with the reason of its signal while others have the lease', async () => {
    const { saver, driver, stall } = stallingSaver()
    await new CairnSaver(driver).withThread('t', async () => {
      const giveUp = new AbortController()
      const run = saver.withThread('t', async () => 'ran', { signal: giveUp.signal })
      await new Promise(setImmediate)
      stall()
      const reason = new Error('the user went away')
      giveUp.abort(reason)
      await expect(run).rejects.toBe(reason)
    })
  })

  test('ends when waitMs is over, and says that it was the storage', async () => {
    const { saver, stall } = stallingSaver()
    stall()
    const run = saver.withThread('t', async () => 'ran', { waitMs: 50 })
    await expect(run).rejects.toMatchObject({
      code: 'lease-timeout',
      message: expect.stringContaining('the storage did not answer in time') as unknown,
      cause: { code: 'timeout' },
    })
  })

  test('gives what fn gave, and throws what it threw', async () => {
    const failure = new Error('of fn')
    for (const fails of [false, true]) {
      const { saver, stall } = stallingSaver()
      const run = saver.withThread(
        't',
        async () => {
          stall()
          // Long enough that a renewal is under way.
          await new Promise((resolve) => setTimeout(resolve, 60))
          if (fails) throw failure
          return 'done'
        },
        { ttlMs: 100 },
      )
      const outcome = await run.catch((cause: unknown) => cause)
      expect(outcome).toBe(fails ? failure : 'done')
    }
  })
})
