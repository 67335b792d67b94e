import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { StorageDriver } from '@cairnkit/core'
import { type DriverFactory, driverFactory } from '@cairnkit/core/driver'
import { createIoredisDriver } from '@cairnkit/ioredis'
import { createLmdbDriver } from '@cairnkit/lmdb'
import { createMemoryDriver } from '@cairnkit/memory'
import { createNodeRedisDriver } from '@cairnkit/node-redis'
import { type StandaloneLab, startLab } from '@cairnkit/redis-lab'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ConnectOptions, connect } from '../src/index.js'

describe('the drivers that a program names', () => {
  let lab: StandaloneLab
  let folder: string
  beforeAll(async () => {
    ;[lab, folder] = await Promise.all([startLab('standalone'), mkdtemp(join(tmpdir(), 'cairn-drivers-'))])
  })
  afterAll(async () => {
    await lab.stop()
    await rm(folder, { recursive: true })
  })

  it('open the URLs that are theirs', async () => {
    const drivers = [createMemoryDriver, createLmdbDriver, createNodeRedisDriver]
    const urls = { memory: 'memory:', lmdb: `lmdb://${folder}/data`, 'node-redis': lab.url }
    for (const [name, url] of Object.entries(urls)) {
      await using driver = await connect(url, { drivers })
      expect(driver.name).toBe(name)
    }
  })

  it('are chosen by their order, and by the name of the client', async () => {
    const drivers = [createNodeRedisDriver, createIoredisDriver]
    await using first = await connect(lab.url, { drivers })
    expect(first.name).toBe('node-redis')
    await using named = await connect(lab.url, { drivers, client: 'ioredis' })
    expect(named.name).toBe('ioredis')
    await using inUrl = await connect(`${lab.url}?client=ioredis`, { drivers })
    expect(inUrl.name).toBe('ioredis')
  })

  it('do not look at the client where the storage has none', async () => {
    await using driver = await connect('memory:', { drivers: [createMemoryDriver], client: 'node-redis' })
    expect(driver.name).toBe('memory')
  })

  it('have schemes of their own where a program brings them', async () => {
    const seen: unknown[] = []
    const own: DriverFactory<[]> = driverFactory((): StorageDriver => createMemoryDriver(), {
      name: 'own',
      schemes: ['own'],
      create: (url, settings) => {
        seen.push(url, settings)
        return createMemoryDriver()
      },
    })
    await using driver = await connect('own:shelf', { drivers: [own], keyPrefix: 'a' })
    expect(driver.name).toBe('memory')
    expect(seen).toEqual(['own:shelf', { keyPrefix: 'a' }])
  })

  const wrong: Record<string, readonly [url: string, options: object, says: RegExp]> = {
    'no list': [
      'memory:',
      { drivers: createMemoryDriver },
      /expected a list such as \[createIoredisDriver\]/,
    ],
    'a driver': [
      'memory:',
      { drivers: [createMemoryDriver, createMemoryDriver()] },
      /number 2 is not the factory of a driver/,
    ],
    'none for the URL': [
      'redis://h',
      { drivers: [createMemoryDriver] },
      /none of them opens redis: URLs. Add createIoredisDriver of @cairnkit\/ioredis, or createNodeRedis/,
    ],
    'none of that client': [
      'redis://h?client=node-redis',
      { drivers: [createIoredisDriver] },
      /none of those for redis: is named node-redis/,
    ],
    'an unknown scheme': [
      'mongodb://h',
      { drivers: [createMemoryDriver] },
      /no scheme is named mongodb. There are: memory:/,
    ],
    'in the query': ['memory:?drivers=memory', {}, /no parameter is named "drivers"/],
  }
  for (const [name, [url, options, says]] of Object.entries(wrong)) {
    it(`are refused: ${name}`, async () => {
      await expect(connect(url, options as ConnectOptions)).rejects.toThrow(says)
      await expect(connect(url, options as ConnectOptions)).rejects.toBeInstanceOf(TypeError)
    })
  }
})
