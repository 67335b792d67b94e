import assert from 'node:assert/strict'
import type { StorageDriver } from '@cairnkit/core/driver'
import { Journal } from '../faults/journal.js'

/** A journal with one entry, so that what follows meets a driver that is connected and warm. */
export async function openJournal(driver: StorageDriver): Promise<Journal> {
  const journal = Journal.ofDriver(driver)
  await driver.open()
  assert.equal(await journal.append(), 'applied')
  await journal.settle()
  return journal
}
