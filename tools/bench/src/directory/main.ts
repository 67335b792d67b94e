/**
 * How a page of the directory of threads costs the server, with few threads and with many:
 * `npm run bench:directory -- 1000000 standalone`, or `cluster`.
 */
import { type StorageDriver } from '@cairnkit/core'
import { createIoredisDriver } from '@cairnkit/ioredis'
import { CairnSaver, CairnThreads } from '@cairnkit/langgraph'
import { type Lab, startLab } from '@cairnkit/redis-lab'
import { emptyCheckpoint } from '@langchain/langgraph-checkpoint'

const PUTS_AT_ONCE = 500
const USERS = 1000
const PAGE = 20

const [countText = '1000000', kind = 'standalone'] = process.argv.slice(2)
const count = Number(countText)
if (!Number.isSafeInteger(count) || count < 1 || (kind !== 'standalone' && kind !== 'cluster'))
  throw new TypeError('Usage: npm run bench:directory -- <number of threads> [standalone | cluster]')

await using lab: Lab = await startLab(kind)
await using driver: StorageDriver =
  lab.kind === 'cluster'
    ? createIoredisDriver({ cluster: { nodes: lab.nodes.map(({ host, port }) => ({ host, port })) } })
    : createIoredisDriver({ url: `redis://${lab.nodes[0].host}:${lab.nodes[0].port}` })
const threads = new CairnThreads(driver, { index: ['user_id'] })
const saver = new CairnSaver(driver, { threads, healing: 'off', cacheBytes: 0 })

await fill(0, Math.min(1000, count))
await report()
await fill(Math.min(1000, count), count)
await report()

async function fill(from: number, until: number): Promise<void> {
  for (let at = from; at < until; at += PUTS_AT_ONCE) {
    const ids = Array.from({ length: Math.min(PUTS_AT_ONCE, until - at) }, (_, offset) => at + offset)
    await Promise.all(
      ids.map(async (id) => {
        await saver.put(
          { configurable: { thread_id: `thread-${id}`, checkpoint_ns: '', user_id: `user-${id % USERS}` } },
          emptyCheckpoint(),
          { source: 'loop', step: 0, parents: {} },
          {},
        )
      }),
    )
    await threads.flush()
    if ((at / PUTS_AT_ONCE) % 20 === 0) process.stderr.write(`\r${at + ids.length} of ${count} threads`)
  }
  process.stderr.write('\n')
}

async function report(): Promise<void> {
  const user = { where: { user_id: 'user-7' } }
  // The number of shards, and the script, are known after the first page.
  await threads.list({ limit: 1 })
  const rows: Record<string, unknown>[] = []
  const calls = {
    'newest first': async () => (await threads.list({ limit: PAGE })).threads.length,
    'of one user': async () => (await threads.list({ ...user, limit: PAGE })).threads.length,
    count: async () => await threads.count(),
    'count of one user': async () => await threads.count(user),
  }
  for (const [call, run] of Object.entries(calls)) {
    await reset()
    const startedAt = performance.now()
    const answer = await run()
    const elapsedMs = performance.now() - startedAt
    rows.push({ call, answer, ...(await spent()), 'elapsed ms': elapsedMs.toFixed(1) })
  }
  console.table(rows)
}

async function reset(): Promise<void> {
  for (const node of await lab.primaries()) await node.command('CONFIG', 'RESETSTAT')
}

/** By the servers themselves: the scripts, without what those call within. */
async function spent(): Promise<{ readonly commands: number; readonly 'server ms': string }> {
  let [commands, microseconds] = [0, 0]
  for (const node of await lab.primaries()) {
    const stats = String(await node.command('INFO', 'commandstats'))
    for (const [, calls, usec] of stats.matchAll(/cmdstat_evalsha(?:_ro)?:calls=(\d+),usec=(\d+)/g)) {
      commands += Number(calls)
      microseconds += Number(usec)
    }
  }
  return { commands, 'server ms': (microseconds / 1000).toFixed(2) }
}
