import { type ClusterLab, startLab } from '@cairnkit/redis-lab'
import { wireArgument } from '@cairnkit/redis-kernel/connections'
import { createCluster } from 'redis'
import * as five from 'redis-5'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ClusterCaller, callCluster, calls } from '../src/cluster-calls.js'

/** Of every length that is written in another way, with every byte there is. */
const values = [0, 1, 255, 256, 70_000].map((length) =>
  Buffer.from(Array.from({ length }, (_, at) => at & 0xff)),
)

let lab: ClusterLab
beforeAll(async () => {
  lab = await startLab('cluster')
})
afterAll(async () => await lab.stop())

/** What is used of a cluster: the client's own types of a transaction are more than the compiler can compare. */
interface ClusterUnderTest extends ClusterCaller {
  connect(): Promise<unknown>
  destroy(): void
  multi(): Transaction
}

interface Transaction {
  del(key: unknown): Transaction
  set(key: unknown, value: unknown): Transaction
  exec(): Promise<unknown>
  execAsPipeline(): Promise<unknown>
}

const clients: Record<string, () => ClusterUnderTest> = {
  'redis 6': () => createCluster({ rootNodes: nodes() }) as unknown as ClusterUnderTest,
  'redis 5': () => five.createCluster({ rootNodes: nodes() }) as unknown as ClusterUnderTest,
}

function nodes(): { socket: { host: string; port: number } }[] {
  return lab.nodes.map(({ host, port }) => ({ socket: { host, port } }))
}

describe('arguments that do not show what they hold', () => {
  for (const [name, create] of Object.entries(clients)) {
    it(`reach the server as they are, and the node of their key: ${name}`, async () => {
      const cluster = create()
      await cluster.connect()
      for (const [at, value] of values.entries()) {
        const key = Buffer.from(`\xff{${name} ${at}}\0é`)
        await callCluster(cluster, key, ['SET', key, value])
        expect(await callCluster(cluster, key, ['GET', key])).toEqual(value)
        const channel = await calls.channel(cluster, key)
        await Promise.all(
          channel.send([
            ['SET', key, value],
            ['APPEND', key, value],
          ]),
        )
        expect(await callCluster(cluster, key, ['GET', key])).toEqual(Buffer.concat([value, value]))
        const [argument, named] = [wireArgument(value), wireArgument(key)]
        await cluster.multi().del(named).set(named, argument).exec()
        expect(await callCluster(cluster, key, ['GET', key])).toEqual(value)
        await cluster.multi().del(named).set(named, argument).execAsPipeline()
        expect(await callCluster(cluster, key, ['GET', key])).toEqual(value)
      }
      cluster.destroy()
    })
  }
})
