import { ConnectionLog, planConnection } from '@cairnkit/redis-kernel/connections'
import { expect, it } from 'vitest'
import { standaloneClient } from '../src/standalone.js'

function classAt(port: number): unknown {
  const plan = planConnection({ url: `redis://127.0.0.1:${port}` })
  if (plan.kind !== 'standalone') throw new Error(plan.kind)
  const client: object = standaloneClient(plan.settings).create(new ConnectionLog())
  return client.constructor
}

it('shares one class between clients of all addresses, since to make one takes tens of milliseconds', () => {
  expect(classAt(1)).toBe(classAt(2))
})
