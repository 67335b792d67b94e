import { wireArgument } from '@cairnkit/redis-kernel/connections'
import { startLab } from '@cairnkit/redis-lab'
import { Cluster, Redis } from 'ioredis'
import * as five from 'ioredis-5'
import { expect, it } from 'vitest'
import {
  type ByteClient,
  type KeyCommand,
  describeExactBytes,
} from '../../redis-kernel/test/clients/exact-bytes.js'
import { call, channelOf } from '../src/calls.js'

/** What is used of a cluster of either major. */
type AnyCluster = Pick<Cluster, 'connect' | 'disconnect' | 'callBuffer' | 'pipeline' | 'multi'>

const onWire = (commands: readonly KeyCommand[]): unknown[][] =>
  commands.map(([name, ...args]) => [name.toLowerCase(), ...args.map(wireArgument)])

async function connected(cluster: AnyCluster): Promise<ByteClient> {
  await cluster.connect()
  return {
    send: (_key, command) => call(cluster, command),
    together: {
      'in a channel': (_key, commands) => Promise.all(channelOf(cluster).send(commands)),
      'in a pipeline': (_key, commands) => cluster.pipeline(onWire(commands)).exec(),
      'in a transaction': (_key, commands) => cluster.multi(onWire(commands)).exec(),
    },
    end: () => cluster.disconnect(),
  }
}

describeExactBytes({
  'ioredis 6': async (nodes) => await connected(new Cluster([...nodes], { lazyConnect: true })),
  'ioredis 5': async (nodes) =>
    await connected(new five.Cluster([...nodes], { lazyConnect: true }) as unknown as AnyCluster),
})

it('arguments are counted, and not shown, by the error of a command that fails', async () => {
  await using lab = await startLab('standalone')
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
