import type { ProxiedDriver } from '@cairnkit/conformance'
import { FaultProxy, type FaultProxyOptions, chunks, resp } from '@cairnkit/conformance/faults'
import type { LabFacts } from '@cairnkit/redis-lab'
import { type RedisStorage, redisDriver } from './redis-driver.js'

/** The commands that carry the calls of a driver, and not what a client says by itself. */
const SCRIPT = /^\*\d+\r\n\$\d+\r\nEVAL/i

/** How many bytes of a request name its command. */
const NAME_BYTES = 32

/** What a driver asks of its storage, as a proxy sees it. */
export function isScriptCall(request: Buffer): boolean {
  return SCRIPT.test(request.toString('latin1', 0, NAME_BYTES))
}

/** A driver behind a proxy that stands before every server of a lab that holds data. */
export async function proxiedDriver(
  storage: RedisStorage,
  facts: LabFacts,
  keyPrefix: string,
  timeoutMs: number,
): Promise<ProxiedDriver> {
  const proxy = await openProxy(facts)
  return { driver: redisDriver(storage, facts, keyPrefix, { proxy, timeoutMs }), proxy }
}

export async function openProxy(facts: LabFacts): Promise<FaultProxy> {
  const [first, ...others] = facts.nodes
  if (first === undefined) throw new Error('The lab has no servers')
  // TLS hides what is said: there each packet counts as one request.
  const understood: Pick<FaultProxyOptions, 'framing' | 'concerns'> =
    facts.kind === 'standalone-tls' ? { framing: chunks } : { framing: resp, concerns: isScriptCall }
  return await FaultProxy.open({ targets: [first, ...others], ...understood })
}
