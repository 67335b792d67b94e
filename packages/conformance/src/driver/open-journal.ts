import assert from 'node:assert/strict'
import type { StorageDriver } from '@cairnkit/core/driver'
import { Journal, untilItWorks } from '../faults/journal.js'

/**
 * A journal with one entry, so that what follows meets a driver that is connected and warm. One that is open may still
 * lack the one connection that a call needs: it says so then, and connects.
 */
export async function openJournal(driver: StorageDriver): Promise<Journal> {
  const journal = Journal.ofDriver(driver)
  await driver.open()
  await untilItWorks(async () => {
    const claim = await journal.append()
    await journal.settle()
    assert.equal(claim, 'applied')
  })
  return journal
}
