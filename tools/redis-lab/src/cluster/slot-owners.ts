import type { LabNode } from '../lab.js'
import { settledWithin } from '../settled-within.js'
import { type ClusterNodeLine, ownLine } from './cluster-view.js'

export interface SlotOwner {
  readonly node: LabNode
  readonly line: ClusterNodeLine
}

/**
 * The primaries as each tells of itself, newest configuration first: gossip is late, and a primary that was asleep
 * during a failover still thinks it owns its slots. A node that does not answer within a second owns nothing.
 */
export async function slotOwners(nodes: readonly LabNode[]): Promise<readonly SlotOwner[]> {
  const answers = await settledWithin(
    1000,
    nodes.map(async (node) => ({ node, line: await ownLine(node) })),
  )
  return answers
    .filter(({ line }) => line.flags.includes('master'))
    .sort((a, b) => b.line.configEpoch - a.line.configEpoch)
}

export function ownerOf(owners: readonly SlotOwner[], slot: number): SlotOwner {
  const owner = owners.find(({ line }) => line.slots.some(([first, last]) => first <= slot && slot <= last))
  if (owner === undefined) throw new Error(`No node of the cluster that answers owns slot ${slot}`)
  return owner
}
