import { type StorageDriverHarness, describeStorageDriver } from '@cairnkit/conformance'
import { FaultProxy, type Framing } from '@cairnkit/conformance/faults'
import { createMemoryDriver } from '@cairnkit/memory'
import { CollectingRunner, type Place } from '../proof/collecting-runner.js'
import type { Proof, RunSuite } from '../proof/proof.js'
import { lines } from '../support/lines.js'
import { RemoteDriver, serveDriver } from '../support/remote-driver.js'
import { type RemoteDriverClass, faultsOfNetworks } from './faults-of-networks.js'

/** The network matters to these alone; the integration tests run the others over a network. */
function ofConnections({ sections }: Place): boolean {
  return sections.some((section) => section.includes('over connections that'))
}

/** The suite on a driver that is elsewhere, behind a proxy that understands its protocol as `framing` says. */
export function suiteOverNetwork(Driver: RemoteDriverClass, framing: Framing, timeLimitMs: number): RunSuite {
  return async (wanted = ofConnections) => {
    let now = 0
    const memory = createMemoryDriver({ clock: () => now })
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
}

const runUnbroken = suiteOverNetwork(RemoteDriver, lines, 150_000)

/** Longer by far than a driver takes that is not broken, on this machine and now: what has not ended by then hangs. */
async function patienceMs(wanted: Parameters<RunSuite>[0]): Promise<number> {
  const startedAt = performance.now()
  await runUnbroken(wanted)
  return Math.max(4000, 3 * (performance.now() - startedAt))
}

export const networkProof: Proof = {
  suite: 'describeStorageDriver, over a network',
  kind: 'a driver',
  runUnbroken,
  broken: faultsOfNetworks.map(({ Driver, ...fault }) => ({
    ...fault,
    runSuite: async (wanted) => await suiteOverNetwork(Driver, lines, await patienceMs(wanted))(wanted),
  })),
}
