import type { StorageDriver } from '@cairnkit/core'
import { createIoredisDriver } from '@cairnkit/ioredis'
import { createNodeRedisDriver } from '@cairnkit/node-redis'
import type { LabFacts } from '@cairnkit/redis-lab'
import { Cluster, Redis } from 'ioredis'
import { createClient, createClientPool, createCluster, createSentinel } from 'redis'
import { addressOf } from './address-of.js'
import type { ClientName } from './cells.js'

export interface BorrowedDriver extends AsyncDisposable {
  readonly driver: StorageDriver
}

/** Drivers over clients as an application makes them, each kind there is for the topology; none where TLS is needed. */
export function borrowedDrivers(client: ClientName, facts: LabFacts, keyPrefix: string): BorrowedDriver[] {
  return client === 'ioredis' ? ofIoredis(facts, keyPrefix) : ofNodeRedis(facts, keyPrefix)
}

const noResend = { lazyConnect: true, autoResendUnfulfilledCommands: false, maxRetriesPerRequest: 0 }

function ofIoredis(facts: LabFacts, keyPrefix: string): BorrowedDriver[] {
  const client = ioredisClient(facts)
  if (client === undefined) return []
  const driver = createIoredisDriver({ client, keyPrefix })
  return [lent(driver, async () => client.disconnect())]
}

function ioredisClient(facts: LabFacts): Redis | Cluster | undefined {
  switch (facts.kind) {
    case 'standalone':
      return new Redis({ ...noResend, port: facts.nodes[0]?.port ?? 0 })
    case 'standalone-tls':
      return undefined
    case 'sentinel':
      return new Redis({ ...noResend, name: facts.name, sentinels: facts.sentinels.map(addressOf) })
    case 'cluster':
      return new Cluster(facts.nodes.map(addressOf), {
        lazyConnect: true,
        retryDelayOnFailover: 0,
        scaleReads: 'master',
      })
  }
}

function ofNodeRedis(facts: LabFacts, keyPrefix: string): BorrowedDriver[] {
  switch (facts.kind) {
    case 'standalone': {
      const socket = { port: facts.nodes[0]?.port ?? 0 }
      const single = createClient({ socket })
      const pool = createClientPool({ socket }, { minimum: 1, maximum: 3 })
      return [
        lent(createNodeRedisDriver({ client: single, keyPrefix }), async () => single.destroy()),
        lent(createNodeRedisDriver({ client: pool, keyPrefix }), async () => await pool.close()),
      ]
    }
    case 'standalone-tls':
      return []
    case 'sentinel':
      return [true, false].map((reserveClient) => {
        const sentinel = createSentinel({
          name: facts.name,
          sentinelRootNodes: facts.sentinels.map(addressOf),
          masterPoolSize: 3,
          reserveClient,
          maxCommandRediscovers: 0,
        })
        return lent(
          createNodeRedisDriver({ client: sentinel, keyPrefix }),
          async () => await sentinel.destroy(),
        )
      })
    case 'cluster': {
      const rootNodes = facts.nodes.map(({ host, port }) => ({ socket: { host, port } }))
      const cluster = createCluster({ rootNodes })
      return [lent(createNodeRedisDriver({ client: cluster, keyPrefix }), async () => cluster.destroy())]
    }
  }
}

function lent(driver: StorageDriver, end: () => Promise<void>): BorrowedDriver {
  return {
    driver,
    [Symbol.asyncDispose]: async () => {
      await driver.close()
      await end()
    },
  }
}
