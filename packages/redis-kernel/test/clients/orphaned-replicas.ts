import { setTimeout as delay } from 'node:timers/promises'
import { type ClusterLab, waitFor } from '@cairnkit/redis-lab'
import type { RedisAddress, RedisReply, RedisTransport } from '../../src/connections/index.js'

/** For as long as replicas have not noticed that they are alone, they answer whoever has told them READONLY. */
const UNNOTICED_MS = 1000

/** Kills every primary of a cluster, and tells what is then answered to those who read. It must be nothing. */
export async function answersOfOrphanedReplicas(
  lab: ClusterLab,
  transportTo: (nodes: readonly RedisAddress[]) => RedisTransport,
): Promise<RedisReply[]> {
  const key = Buffer.from('orphaned')
  const primaries = await lab.primaries()
  const owner = await lab.primaryOf(lab.slotOf(key))
  // A replica is told of once it has something.
  await owner.command('SET', 'orphaned', 'old')
  await waitFor('the owner tells of its replica', async () => {
    const ranges = (await owner.command('CLUSTER', 'SLOTS')) as readonly (readonly unknown[])[]
    const own = ranges.find(([from, to]) => Number(from) <= lab.slotOf(key) && lab.slotOf(key) <= Number(to))
    return own?.[3] === undefined ? undefined : true
  })
  const transport = transportTo([{ host: owner.host, port: owner.port }])
  await transport.connect({ timeoutMs: 5000 })
  await Promise.all(primaries.map((node) => node.kill()))
  const answers: RedisReply[] = []
  for (const until = performance.now() + UNNOTICED_MS; performance.now() < until; await delay(10)) {
    // Not awaited: a client may keep it until it is connected again.
    transport.send(key, ['GET', key]).then(
      (answer) => answers.push(answer),
      () => undefined,
    )
  }
  await transport.close()
  return answers
}
