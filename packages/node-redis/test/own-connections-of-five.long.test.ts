import * as client from '@redis/client'
import { describe, expect, it, vi } from 'vitest'
import { describeOwnConnections } from '../../redis-kernel/test/clients/own-connections.js'
import { createNodeRedisDriver } from '../src/index.js'
import { clientFive } from './support/client-five.js'

// The peer that a user may have chosen.
vi.mock(import('@redis/client'), async () => {
  const { clientFive: five } = await import('./support/client-five.js')
  return { ...five } as object
})

describe('with @redis/client 5', () => {
  it('is what the driver makes its connections of', () => {
    expect(client.createClient).toBe(clientFive.createClient)
  })

  describeOwnConnections(createNodeRedisDriver)
})
