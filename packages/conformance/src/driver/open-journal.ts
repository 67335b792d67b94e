import assert from 'node:assert/strict'
import type { StorageDriver } from '@cairnkit/core/driver'
import { Journal, untilItWorks } from '../faults/journal.js'

/**
 * A journal with one entry, so that what follows meets a driver that is connected and warm. One that is open may lack the
 * connection that a call needs, says so, and connects; but it has none on which nobody answers.
 */
export async function openJournal(driver: StorageDriver): Promise<Journal> {
  const journal = Journal.ofDriver(driver)
  await untilItWorks(async () => await driver.open())
  await appendAgain(journal)
  return journal
}

/** Appends until an entry is acknowledged: a call may need more time than it has, and its driver has to connect. */
export async function appendAgain(journal: Journal): Promise<void> {
  await untilItWorks(async () => {
    const claim = await journal.append()
    // An entry that may be there or not: which of them is the last is known again when the journal is settled.
    if (claim !== 'applied') await journal.settle()
    assert.equal(claim, 'applied')
  })
  await journal.settle()
}
