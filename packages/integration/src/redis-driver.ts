import { createIoredisDriver } from '@cairnkit/ioredis'
import { createNodeRedisDriver } from '@cairnkit/node-redis'
import type { StorageDriver } from '@cairnkit/core'
import type { LabFacts, NodeFacts } from '@cairnkit/redis-lab'
import { Redis as OlderIoredis } from 'ioredis-5'
import { createClient as createOlderNodeRedis } from 'redis-5'
import type { CellStorage } from './cells.js'

type RedisStorage = Extract<CellStorage, { readonly kind: 'redis' }>

/** A driver as an application makes it, with nothing but the address and the credentials. */
export function redisDriver(storage: RedisStorage, facts: LabFacts, keyPrefix: string): StorageDriver {
  return storage.major === 'current'
    ? currentDriver(storage.client, facts, keyPrefix)
    : olderDriver(storage.client, facts, keyPrefix)
}

function currentDriver(client: RedisStorage['client'], facts: LabFacts, keyPrefix: string): StorageDriver {
  const create = client === 'ioredis' ? createIoredisDriver : createNodeRedisDriver
  switch (facts.kind) {
    case 'standalone':
      return create({ url: facts.url, keyPrefix })
    case 'standalone-tls': {
      const { username, password, ca } = facts
      return create({
        url: `rediss://localhost:${primaryOf(facts).port}`,
        username,
        password,
        tls: { ca },
        keyPrefix,
      })
    }
    case 'sentinel':
      return create({ sentinel: { name: facts.name, nodes: facts.sentinels.map(addressOf) }, keyPrefix })
    case 'cluster':
      return create({ cluster: { nodes: facts.nodes.map(addressOf) }, keyPrefix })
  }
}

/** An older major is always a client that the application brings. */
function olderDriver(client: RedisStorage['client'], facts: LabFacts, keyPrefix: string): StorageDriver {
  const { host, port } = primaryOf(facts)
  switch (client) {
    case 'ioredis': {
      const borrowed = new OlderIoredis({
        host,
        port,
        lazyConnect: true,
        autoResendUnfulfilledCommands: false,
        maxRetriesPerRequest: 0,
      })
      return closing(createIoredisDriver({ client: borrowed, keyPrefix }), async () => borrowed.disconnect())
    }
    case 'node-redis': {
      const borrowed = createOlderNodeRedis({ socket: { host, port } })
      return closing(createNodeRedisDriver({ client: borrowed, keyPrefix }), async () => {
        if (borrowed.isOpen) borrowed.destroy()
      })
    }
  }
}

/** The driver does not close what it borrowed; here nobody else would. */
function closing(driver: StorageDriver, close: () => Promise<void>): StorageDriver {
  return new Proxy(driver, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target)
      if (typeof value !== 'function') return value
      if (property !== 'close' && property !== Symbol.asyncDispose) return value.bind(target) as unknown
      return async () => {
        await target.close()
        await close()
      }
    },
  })
}

function primaryOf(facts: LabFacts): NodeFacts {
  const primary = facts.nodes.find((node) => node.role === 'primary')
  if (primary === undefined) throw new Error('The lab has no primary')
  return primary
}

function addressOf({ host, port }: NodeFacts): { host: string; port: number } {
  return { host, port }
}
