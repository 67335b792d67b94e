import type { LabNode } from './lab.js'
import { settledWithin } from './settled-within.js'

/** How long a frozen server is waited for. */
const PATIENCE_MS = 1000

/**
 * The node that a sentinel names and that says so itself; none while a failover goes on. Where two remain, because the
 * old primary was asleep, the sentinel with the newest configuration is right.
 */
export async function sentinelPrimary(
  name: string,
  nodes: readonly LabNode[],
  sentinels: readonly LabNode[],
): Promise<LabNode[]> {
  const named = await settledWithin(
    PATIENCE_MS,
    sentinels.map((sentinel) => namedPrimary(name, sentinel)),
  )
  const candidates = named
    .sort((a, b) => b.configEpoch - a.configEpoch)
    .flatMap(({ port }) => nodes.filter((node) => node.port === port))
  const confirmed = await settledWithin(PATIENCE_MS, [...new Set(candidates)].map(confirmPrimary))
  return confirmed.slice(0, 1)
}

/** SENTINEL MASTER as the map it means. */
export async function sentinelView(name: string, sentinel: LabNode): Promise<ReadonlyMap<string, string>> {
  const flat = (await sentinel.command('SENTINEL', 'MASTER', name)) as string[]
  const pairs = Array.from({ length: flat.length / 2 }, (_, index): [string, string] => [
    flat[index * 2] ?? '',
    flat[index * 2 + 1] ?? '',
  ])
  return new Map(pairs)
}

interface NamedPrimary {
  readonly port: number
  readonly configEpoch: number
}

async function namedPrimary(name: string, sentinel: LabNode): Promise<NamedPrimary> {
  // The address that clients are given changes seconds before SENTINEL MASTER does.
  const [address, view] = await Promise.all([
    sentinel.command('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', name),
    sentinelView(name, sentinel),
  ])
  return { port: Number((address as string[])[1]), configEpoch: Number(view.get('config-epoch')) }
}

async function confirmPrimary(node: LabNode): Promise<LabNode> {
  const [role] = (await node.command('ROLE')) as string[]
  if (role !== 'master') throw new Error(`${node.name} is ${role ?? 'nothing'}`)
  return node
}
