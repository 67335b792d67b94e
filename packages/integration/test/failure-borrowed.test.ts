import { setTimeout as delay } from 'node:timers/promises'
import { Journal } from '@cairnkit/conformance/faults'
import { labFacts, startLab } from '@cairnkit/redis-lab'
import { expect, inject, test } from 'vitest'
import { borrowedDrivers } from '../src/borrowed-driver.js'

/** A client of the application's own may queue what it cannot send, and send it when the server is back. */
test('what was not applied when its time was up is not applied later either', async (context) => {
  const { storage } = inject('cell')
  if (storage.kind !== 'redis') return context.skip('there is no client that could queue')
  if (storage.topology === 'standalone-tls') return context.skip('clients are lent without TLS')
  await using lab = await startLab(storage.topology, { appendOnly: true })
  const borrowed = borrowedDrivers(storage.client, labFacts(lab), 'cairn-borrowed')
  expect(borrowed.length).toBeGreaterThan(0)
  const journals = borrowed.map(({ driver }) => Journal.ofDriver(driver))
  for (const journal of journals) expect(await journal.append()).toBe('applied')

  await Promise.all(lab.nodes.map(async (node) => await node.kill()))
  const claims = await Promise.all(
    Array.from({ length: 12 }, async (_, at) => {
      await delay(at * 50)
      return await Promise.all(journals.map((journal) => journal.note(`during ${at}`, { timeoutMs: 300 })))
    }),
  )
  expect(claims.flat()).not.toContain('applied')
  await Promise.all(lab.nodes.map(async (node) => await node.restart()))
  await lab.ready()

  for (const journal of journals) {
    await journal.settle()
    // What waits in a queue has its chance before this.
    expect(await journal.append()).toBe('applied')
    await journal.settle()
  }
  for (const each of borrowed) await each[Symbol.asyncDispose]()
})
