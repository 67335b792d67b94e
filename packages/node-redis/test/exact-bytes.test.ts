import { wireArgument } from '@cairnkit/redis-kernel/connections'
import * as client from '@redis/client'
import { createCluster } from 'redis'
import * as five from 'redis-5'
import {
  type ByteClient,
  type KeyCommand,
  describeExactBytes,
} from '../../redis-kernel/test/clients/exact-bytes.js'
import { type ClusterCaller, callCluster, calls } from '../src/cluster-calls.js'
import { clientFive } from './support/client-five.js'

/** What is used of a cluster: the client's own types of a transaction are more than the compiler can compare. */
interface AnyCluster extends ClusterCaller {
  connect(): Promise<unknown>
  destroy(): void
  multi(): Transaction
}

interface Transaction {
  del(...args: unknown[]): Transaction
  set(...args: unknown[]): Transaction
  append(...args: unknown[]): Transaction
  exec(): Promise<unknown>
  execAsPipeline(): Promise<unknown>
}

const METHODS = { DEL: 'del', SET: 'set', APPEND: 'append' } as const

function transactionOf(cluster: AnyCluster, commands: readonly KeyCommand[]): Transaction {
  let transaction = cluster.multi()
  for (const [name, ...args] of commands) transaction = transaction[METHODS[name]](...args.map(wireArgument))
  return transaction
}

async function connected(cluster: AnyCluster): Promise<ByteClient> {
  await cluster.connect()
  return {
    send: (key, command) => callCluster(cluster, key, command),
    together: {
      'in a channel': async (key, commands) => {
        const channel = await calls.channel(cluster, key)
        return await Promise.all(channel.send(commands))
      },
      'in a pipeline': (_key, commands) => transactionOf(cluster, commands).execAsPipeline(),
      'in a transaction': (_key, commands) => transactionOf(cluster, commands).exec(),
    },
    end: () => cluster.destroy(),
  }
}

type Library = { createCluster(options: { rootNodes: readonly { socket: object }[] }): unknown }

const libraries = {
  'redis 6': { createCluster },
  'redis 5': five,
  '@redis/client 6': client,
  '@redis/client 5': clientFive,
} as unknown as Readonly<Record<string, Library>>

describeExactBytes(
  Object.fromEntries(
    Object.entries(libraries).map(([name, library]) => [
      name,
      async (nodes) => {
        const rootNodes = nodes.map((socket) => ({ socket }))
        return await connected(library.createCluster({ rootNodes }) as AnyCluster)
      },
    ]),
  ),
)
