import { type ClusterLab, startLab } from '@cairnkit/redis-lab'
import { wireArgument } from '@cairnkit/redis-kernel/connections'
import { Cluster, Redis } from 'ioredis'
import * as five from 'ioredis-5'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call } from '../src/calls.js'

/** Of every length that is written in another way, with every byte there is. */
const values = [0, 1, 255, 256, 70_000].map((length) =>
  Buffer.from(Array.from({ length }, (_, at) => at & 0xff)),
)

let lab: ClusterLab
beforeAll(async () => {
  lab = await startLab('cluster')
})
afterAll(async () => await lab.stop())

const clients = {
  'ioredis 6': () => new Cluster(nodes(), { lazyConnect: true }),
  'ioredis 5': () => new five.Cluster(nodes(), { lazyConnect: true }) as unknown as Cluster,
}

function nodes(): { host: string; port: number }[] {
  return lab.nodes.map(({ host, port }) => ({ host, port }))
}

describe('arguments that do not show what they hold', () => {
  for (const [name, create] of Object.entries(clients)) {
    it(`reach the server as they are, and the node of their key: ${name}`, async () => {
      const cluster = create()
      await cluster.connect()
      for (const [at, value] of values.entries()) {
        const key = Buffer.from(`\xff{${name} ${at}}\0é`)
        await call(cluster, ['SET', key, value])
        expect(await call(cluster, ['GET', key])).toEqual(value)
        const [argument, named] = [wireArgument(value), wireArgument(key)]
        await cluster.pipeline().set(named, argument).append(named, argument).exec()
        expect(await call(cluster, ['GET', key])).toEqual(Buffer.concat([value, value]))
        await cluster.multi().set(named, argument).exec()
        expect(await call(cluster, ['GET', key])).toEqual(value)
      }
      cluster.disconnect()
    })
  }

  it('are counted, and not shown, by the error of a command that fails', async () => {
    const { port } = lab.nodes[0]
    for (const client of [new Redis({ port }), new five.Redis({ port })]) {
      const failed = call(client, ['NOSUCH', Buffer.from('what was said')])
      await expect(failed).rejects.toMatchObject({
        command: { args: [wireArgument(Buffer.from('what was said'))] },
      })
      const shown = await failed.catch((error: unknown) => JSON.stringify(error))
      expect(shown).toContain('"args":["[13 bytes]"]')
      client.disconnect()
    }
  })
})
