import { setTimeout as delay } from 'node:timers/promises'
import { type ClusterLab, type SentinelLab, type StandaloneLab, startLab, waitFor } from '@cairnkit/redis-lab'
import { DriverFault } from '@cairnkit/core/driver'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RedisTransport, planConnection } from '../../src/connections/index.js'
import { proxied } from '../support/proxied.js'
import { ForgetfulNetwork } from '../support/servers.js'
import type { CreateTransport, DriverOptions } from './client-under-test.js'

const incr = (transport: RedisTransport, name: string): Promise<unknown> =>
  transport.send(Buffer.from(name), ['INCR', Buffer.from(name)])

/** Repeats what was not sent, as the driver does. */
async function untilSent(transport: RedisTransport, name: string): Promise<unknown> {
  for (;;) {
    try {
      return await incr(transport, name)
    } catch (cause) {
      const found = DriverFault.isInstance(cause) ? cause : transport.classify(cause)
      if (found?.disposition !== 'transient') throw cause
      await delay(20)
    }
  }
}

/** Ten keys: of all shards of a cluster, and of all connections of a pool. */
const names = (prefix: string): string[] => Array.from({ length: 10 }, (_, at) => `${prefix}-${at}`)

/** A connection has a PING each 500 ms then, and 1000 ms to answer it. */
const commandTimeoutMs = 1000

/** A PING each 3 s, and 6 s to answer it: a busy machine takes a second or two for the calls that must be quick. */
const LONG_TIMEOUT_MS = 6000
/** Far from the time after which an answer is missed. */
const SOON_MS = 4000

/** What becomes of connections on which nothing is asked. */
export function describeIdleConnections(create: CreateTransport): void {
  const transportOf = (options: DriverOptions): RedisTransport => create(planConnection(options))

  let standalone: StandaloneLab
  let sentinel: SentinelLab
  let cluster: ClusterLab
  beforeAll(async () => {
    ;[standalone, sentinel, cluster] = await Promise.all([
      startLab('standalone'),
      startLab('sentinel'),
      startLab('cluster'),
    ])
  })
  afterAll(() => Promise.all([standalone, sentinel, cluster].map((lab) => lab.stop())))

  describe.concurrent('a connection that the network has forgotten', () => {
    /** Asks, has the network forget, waits until that was noticed, and asks again; how long that took. */
    async function timeOfNextCalls(
      network: ForgetfulNetwork,
      transport: RedisTransport,
      connections: number,
    ): Promise<number> {
      await transport.connect({ timeoutMs: 5000 })
      await Promise.all(names('before').map((name) => incr(transport, name)))
      await waitFor('all connections stand', () => network.standing >= connections || undefined)
      network.forget()
      await waitFor('none is taken for sound', () => network.forgotten === 0 || undefined)
      // Those that take their places have this time to connect.
      await delay(300)
      const startedAt = performance.now()
      await Promise.all(names('after').map((name) => untilSent(transport, name)))
      const tookMs = performance.now() - startedAt
      await transport.close()
      return tookMs
    }

    it.each([1, 3])('is noticed before somebody needs it: one server, a pool of %i', async (poolSize) => {
      const network = new ForgetfulNetwork()
      await using proxy = await network.before(standalone.nodes[0])
      const options = {
        url: `redis://127.0.0.1:${proxy.port}/${poolSize}`,
        poolSize,
        commandTimeoutMs: LONG_TIMEOUT_MS,
      }
      expect(await timeOfNextCalls(network, transportOf(options), poolSize)).toBeLessThan(SOON_MS)
    })

    it('is noticed before somebody needs it: a primary behind Sentinels', async () => {
      const network = new ForgetfulNetwork()
      await using servers = await proxied(network, sentinel.nodes)
      const nodes = sentinel.sentinels.map(({ host, port }) => ({ host, port }))
      const target = { name: sentinel.name, nodes, addressMap: servers.addressMap }
      expect(
        await timeOfNextCalls(
          network,
          transportOf({ sentinel: target, poolSize: 3, commandTimeoutMs: LONG_TIMEOUT_MS }),
          3,
        ),
      ).toBeLessThan(SOON_MS)
    })

    it('is noticed before somebody needs it: a cluster', async () => {
      const network = new ForgetfulNetwork()
      await using servers = await proxied(network, cluster.nodes)
      const target = { nodes: servers.nodes.slice(0, 3), addressMap: servers.addressMap }
      expect(
        await timeOfNextCalls(
          network,
          transportOf({ cluster: target, commandTimeoutMs: LONG_TIMEOUT_MS }),
          3,
        ),
      ).toBeLessThan(SOON_MS)
    })
  })

  it('a connection to listen to a Sentinel is replaced when the network has forgotten it', async () => {
    const network = new ForgetfulNetwork()
    await using sentinels = await proxied(network, sentinel.sentinels)
    const { nodes, addressMap } = sentinels
    const transport = transportOf({
      sentinel: { name: sentinel.name, nodes, addressMap },
      commandTimeoutMs,
    })
    await transport.connect({ timeoutMs: 5000 })
    const listeners = async (): Promise<readonly string[]> => {
      const lists = sentinel.sentinels.map(async (node) => {
        const list = String(await node.command('CLIENT', 'LIST', 'TYPE', 'pubsub'))
        return Array.from(list.matchAll(/^id=(\d+) .* sub=6 /gm), ([, id]) => `${node.name} ${id}`)
      })
      return (await Promise.all(lists)).flat()
    }
    const before = await waitFor('every Sentinel is listened to', async () => {
      const now = await listeners()
      return now.length >= nodes.length ? now : undefined
    })
    network.forget()
    const anew = await waitFor('every Sentinel is listened to anew', async () => {
      const now = (await listeners()).filter((id) => !before.includes(id))
      return now.length >= nodes.length ? now : undefined
    })
    expect(anew).toHaveLength(nodes.length)
    await transport.close()
  })

  it('costs the server one PING for each connection and half of commandTimeoutMs, until the driver is closed', async () => {
    const [server] = standalone.nodes
    const pings = async (): Promise<number> => {
      const [, calls] =
        /cmdstat_ping:calls=(\d+)/.exec(String(await server.command('INFO', 'commandstats'))) ?? []
      return Number(calls ?? 0)
    }
    const transport = transportOf({ url: `redis://127.0.0.1:${server.port}`, poolSize: 2, commandTimeoutMs })
    await transport.connect({ timeoutMs: 5000 })
    const [startedAt, before] = [performance.now(), await pings()]
    await waitFor('four for each', async () => (await pings()) >= before + 8 || undefined)
    const perConnection = ((await pings()) - before) / 2
    expect(perConnection).toBeLessThanOrEqual((performance.now() - startedAt) / 500 + 1)
    await transport.close()
    const closed = await pings()
    await delay(700)
    expect(await pings()).toBe(closed)
  })
}
