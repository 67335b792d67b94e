import { stat } from 'node:fs/promises'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { connect } from '@cairnkit/connect'
import type { StorageDriver } from '@cairnkit/core'
import { CairnSaver } from '@cairnkit/langgraph'
import type { RedisClientName } from '@cairnkit/connect'
import { type Contender, type Need, type Places, required } from './contender.js'

export const cairnMemory: Contender = {
  id: 'cairn-memory',
  title: 'Cairn, memory',
  needs: [],
  history: true,
  durable: false,
  async open() {
    const driver = await connect('memory:')
    return {
      saver: new CairnSaver(driver),
      reopen: async () => new CairnSaver(driver),
      storedBytes: async () => await bytesInMemory(driver),
      close: async () => await driver.close(),
    }
  },
}

export const cairnLmdb: Contender = {
  id: 'cairn-lmdb',
  title: 'Cairn, lmdb',
  needs: [],
  history: true,
  durable: true,
  async open({ directory }, mode) {
    const path = join(directory, 'cairn-lmdb')
    if (mode === 'empty') await rm(path, { recursive: true, force: true })
    const opened = await openUrl(`lmdb://${path}`)
    return { ...opened, storedBytes: async () => await bytesOnDisk(path) }
  },
}

export const cairnOnRedis: readonly Contender[] = (['redis', 'cluster'] as const).flatMap((redis) =>
  (['ioredis', 'node-redis'] as const).map((client) => onRedis(client, redis)),
)

function onRedis(client: RedisClientName, redis: 'redis' | 'cluster'): Contender {
  const needs: readonly Need[] = [redis]
  return {
    id: redis === 'redis' ? `cairn-${client}` : `cairn-${client}-cluster`,
    title: redis === 'redis' ? `Cairn, ${client}` : `Cairn, ${client}, Cluster`,
    needs,
    redis,
    history: true,
    durable: true,
    open: async (places: Places) => await openUrl(urlOf(places, redis), client),
  }
}

function urlOf({ redisUrl, clusterUrl }: Places, redis: 'redis' | 'cluster'): string {
  return redis === 'redis' ? required(redisUrl, 'Redis') : required(clusterUrl, 'Redis Cluster')
}

async function openUrl(url: string, client?: RedisClientName) {
  const options = client === undefined ? {} : { client }
  let driver = await connect(url, options)
  return {
    saver: new CairnSaver(driver),
    async reopen() {
      await driver.close()
      driver = await connect(url, options)
      return new CairnSaver(driver)
    },
    close: async () => await driver.close(),
  }
}

/** What a file takes, holes left out. */
async function bytesOnDisk(path: string): Promise<number> {
  const own = await stat(path)
  if (!own.isDirectory()) return own.blocks * 512
  let sum = 0
  for (const name of await readdir(path)) sum += await bytesOnDisk(join(path, name))
  return sum
}

async function bytesInMemory(driver: StorageDriver): Promise<number> {
  let sum = 0
  for await (const partition of driver.partitions('')) {
    const [result] = await driver.read(partition, [{ type: 'range', prefix: [], follow: 'all' }])
    if (result?.type !== 'range') throw new Error('A range read gave no range')
    for (const { bytes } of [...result.records, ...result.objects.values()]) sum += bytes.byteLength
  }
  return sum
}
