import type { LabFacts } from '@cairnkit/redis-lab'
import { Cluster, Redis } from 'ioredis'
import { createClient, createCluster } from 'redis'
import { addressOf } from './address-of.js'
import type { ClientName } from './cells.js'
import { firstPrimary } from './first-primary.js'

/** A client of the application's own, for commands that no driver sends. */
export interface RawClient extends AsyncDisposable {
  /** Sends a command to the node that owns `key`. */
  send(key: string, command: readonly [string, ...string[]]): Promise<unknown>
}

export async function openRawClient(client: ClientName, facts: LabFacts): Promise<RawClient> {
  return client === 'ioredis' ? await ofIoredis(facts) : await ofNodeRedis(facts)
}

async function ofIoredis(facts: LabFacts): Promise<RawClient> {
  const client =
    facts.kind === 'cluster'
      ? new Cluster(facts.nodes.map(addressOf), { lazyConnect: true })
      : new Redis({ ...addressOf(firstPrimary(facts)), ...secured(facts), lazyConnect: true })
  await client.connect()
  return {
    send: async (_key, [name, ...args]) => await client.call(name, ...args),
    [Symbol.asyncDispose]: async () => client.disconnect(),
  }
}

async function ofNodeRedis(facts: LabFacts): Promise<RawClient> {
  if (facts.kind === 'cluster') {
    const cluster = createCluster({ rootNodes: facts.nodes.map((node) => ({ socket: addressOf(node) })) })
    await cluster.connect()
    return {
      send: async (key, command) => await cluster.sendCommand(key, false, [...command]),
      [Symbol.asyncDispose]: async () => cluster.destroy(),
    }
  }
  const { tls, ...credentials } = secured(facts)
  const socket = {
    ...addressOf(firstPrimary(facts)),
    ...(tls === undefined ? {} : { tls: true as const, ...tls }),
  }
  const client = createClient({ ...credentials, socket })
  await client.connect()
  return {
    send: async (_key, command) => await client.sendCommand([...command]),
    [Symbol.asyncDispose]: async () => client.destroy(),
  }
}

function secured(facts: LabFacts): { username?: string; password?: string; tls?: { ca: string } } {
  if (facts.kind !== 'standalone-tls') return {}
  return { username: facts.adminUsername, password: facts.adminPassword, tls: { ca: facts.ca } }
}
