import { once } from 'node:events'
import { startLab } from '@cairnkit/redis-lab'
import { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { Askers } from '../src/askers.js'

test('what has come over a copy that has ended still counts', async () => {
  await using lab = await startLab('standalone')
  const askers = new Askers()
  const copies = Array.from({ length: 2 }, () => new Redis(lab.nodes[0].port))
  for (const copy of copies) askers.add(copy)
  await Promise.all(copies.map((copy) => copy.ping()))
  const before = askers.receivedBytes
  expect(before).toBeGreaterThan(0)
  for (const copy of copies) {
    copy.disconnect()
    await once(copy, 'end')
    expect(askers.receivedBytes).toBe(before)
  }
})
