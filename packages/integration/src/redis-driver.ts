import { createIoredisDriver } from '@cairnkit/ioredis'
import { createNodeRedisDriver } from '@cairnkit/node-redis'
import type { FaultProxy } from '@cairnkit/conformance/faults'
import type { StorageDriver } from '@cairnkit/core'
import type { LabFacts } from '@cairnkit/redis-lab'
import { Redis as OlderIoredis } from 'ioredis-5'
import { createClient as createOlderNodeRedis } from 'redis-5'
import { addressOf } from './address-of.js'
import type { CellStorage } from './cells.js'
import { firstPrimary } from './first-primary.js'
import { serviceUser } from './service-user.js'

export type RedisStorage = Extract<CellStorage, { readonly kind: 'redis' }>

/** How a driver gets to its servers. */
export interface Way {
  /** Stands before all servers that hold data. @default straight */
  readonly proxy?: FaultProxy
  /** How long connecting may take, and a command. @default the driver's own */
  readonly timeoutMs?: number
  /** Who the driver says it is. @default the user of the service, else whom the facts name, else nobody */
  readonly credentials?: { readonly username: string; readonly password: string }
}

/** A driver as an application makes it, with nothing but the address and the credentials. */
export function redisDriver(
  storage: RedisStorage,
  facts: LabFacts,
  keyPrefix: string,
  way: Way = {},
): StorageDriver {
  return storage.major === 'current'
    ? currentDriver(storage.client, facts, keyPrefix, {
        ...(storage.service === undefined ? {} : { credentials: serviceUser }),
        ...way,
      })
    : olderDriver(storage.client, facts, keyPrefix, way)
}

function currentDriver(
  client: RedisStorage['client'],
  facts: LabFacts,
  keyPrefix: string,
  { proxy, timeoutMs, credentials }: Way,
): StorageDriver {
  const create = client === 'ioredis' ? createIoredisDriver : createNodeRedisDriver
  const common = { keyPrefix, ...timeouts(timeoutMs), ...credentials }
  const { port } = proxy?.address ?? firstPrimary(facts)
  // Sentinels and cluster nodes announce the addresses of the servers themselves.
  const mapped = proxy === undefined ? {} : { addressMap: proxy.addressMap }
  switch (facts.kind) {
    case 'standalone':
      return create({ url: `redis://127.0.0.1:${port}`, ...common })
    case 'standalone-tls': {
      const { username, password, ca } = facts
      return create({ username, password, ...common, url: `rediss://localhost:${port}`, tls: { ca } })
    }
    case 'sentinel': {
      const { name, sentinels } = facts
      return create({ sentinel: { name, nodes: sentinels.map(addressOf), ...mapped }, ...common })
    }
    case 'cluster':
      return create({ cluster: { nodes: facts.nodes.map(addressOf), ...mapped }, ...common })
  }
}

function timeouts(
  timeoutMs: number | undefined,
): Partial<Record<'connectTimeoutMs' | 'commandTimeoutMs', number>> {
  return timeoutMs === undefined ? {} : { connectTimeoutMs: timeoutMs, commandTimeoutMs: timeoutMs }
}

/** An older major is always a client that the application brings. */
function olderDriver(
  client: RedisStorage['client'],
  facts: LabFacts,
  keyPrefix: string,
  { proxy, timeoutMs }: Way,
): StorageDriver {
  const { host, port } = proxy?.address ?? firstPrimary(facts)
  const common = { keyPrefix, ...timeouts(timeoutMs) }
  // Only the application can tell its client when to give up a server that hangs; the READMEs say so.
  const hangsAfterMs = timeoutMs ?? 5000
  switch (client) {
    case 'ioredis': {
      const borrowed = new OlderIoredis({
        host,
        port,
        lazyConnect: true,
        autoResendUnfulfilledCommands: false,
        maxRetriesPerRequest: 0,
        socketTimeout: hangsAfterMs,
      })
      return closing(createIoredisDriver({ client: borrowed, ...common }), async () => borrowed.disconnect())
    }
    case 'node-redis': {
      const borrowed = createOlderNodeRedis({
        pingInterval: hangsAfterMs / 2,
        socket: {
          host,
          port,
          socketTimeout: hangsAfterMs,
          reconnectStrategy: (attempt) => Math.min(50 * attempt, 500),
        },
      })
      return closing(createNodeRedisDriver({ client: borrowed, ...common }), async () => {
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
