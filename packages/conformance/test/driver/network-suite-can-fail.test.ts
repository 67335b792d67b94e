import { type StorageDriverHarness, describeStorageDriver } from '@cairnkit/conformance'
import { FaultProxy, type Framing, chunks } from '@cairnkit/conformance/faults'
import type { StorageDriver } from '@cairnkit/core/driver'
import { createMemoryDriver } from '@cairnkit/memory'
import { describe, expect, it } from 'vitest'
import { lines } from '../support/lines.js'
import { RemoteDriver, serveDriver } from '../support/remote-driver.js'
import { CollectingRunner, type Outcome, type Place } from './collecting-runner.js'
import { type NetworkFault, faultsOfNetworks } from './faults-of-networks.js'

/** A driver that is elsewhere, as the suite is to see it. */
async function runSuite(
  Driver: NetworkFault['Driver'],
  framing: Framing,
  timeLimitMs: number,
  wanted?: (place: Place) => boolean,
): Promise<Outcome[]> {
  let now = 0
  const memory: StorageDriver = createMemoryDriver({ clock: () => now })
  await using server = await serveDriver(memory)
  const harness: StorageDriverHarness = {
    name: 'remote',
    createDriver: () => new Driver(server, memory.capabilities, 5000),
    model: () => createMemoryDriver(),
    advance: (ms) => void (now += ms),
    throughProxy: async (timeoutMs) => {
      const proxy = await FaultProxy.open({ targets: [server], framing })
      return { driver: new Driver(proxy.address, memory.capabilities, timeoutMs), proxy }
    },
  }
  const runner = new CollectingRunner()
  describeStorageDriver(runner, harness)
  return await runner.run(timeLimitMs, wanted)
}

/** The network matters to these alone; the integration tests run the others over a network. */
function ofConnections({ sections }: Place): boolean {
  return sections.some((section) => section.includes('over connections that'))
}

describe.concurrent('the driver suite over a network', () => {
  it.each([
    ['that is understood', lines],
    ['of which nothing is known', chunks],
  ] as const)('passes on a driver that keeps the contract, in a protocol %s', async (_, framing) => {
    const outcomes = await runSuite(RemoteDriver, framing, 150_000, ofConnections)
    expect(outcomes.length).toBeGreaterThan(15)
    expect(outcomes.filter(({ state }) => state === 'failed')).toEqual([])
    expect(outcomes.filter(({ reason }) => reason.includes('through a proxy'))).toEqual([])
  })

  it.each(faultsOfNetworks)('notices a driver that $name', async ({ Driver, noticedBy }) => {
    const outcomes = await runSuite(Driver, lines, 4000, ({ name }) => noticedBy.includes(name))
    expect(outcomes.map(({ name }) => name)).toEqual(expect.arrayContaining([...noticedBy]))
    expect(outcomes.filter(({ state }) => state === 'failed').map(({ name }) => name)).toEqual(
      expect.arrayContaining([...noticedBy]),
    )
  })
})
