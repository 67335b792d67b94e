import assert from 'node:assert/strict'
import type { StorageDriver } from '@cairnkit/core/driver'
import { Journal, untilItWorks } from '../faults/journal.js'

/**
 * A journal with one entry, so that what follows meets a driver that is connected and warm. One that is open may lack the
 * connection that a call needs, says so, and connects; but it has none on which nobody answers.
 */
export async function openJournal(driver: StorageDriver): Promise<Journal> {
  const journal = Journal.ofDriver(driver)
  await driver.open()
  const claim = await untilItWorks(async () => {
    const said = await journal.append()
    assert.notEqual(said, 'not applied')
    return said
  })
  assert.equal(claim, 'applied')
  await journal.settle()
  return journal
}
