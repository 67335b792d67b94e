import type { LabNode } from '../lab.js'
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
  const lines = await Promise.allSettled(nodes.map((node) => withinOneSecond(ownLine(node))))
  return nodes
    .flatMap((node, index) => {
      const line = lines[index]
      return line?.status === 'fulfilled' && line.value.flags.includes('master')
        ? [{ node, line: line.value }]
        : []
    })
    .sort((a, b) => b.line.configEpoch - a.line.configEpoch)
}

export function ownerOf(owners: readonly SlotOwner[], slot: number): SlotOwner {
  const owner = owners.find(({ line }) => line.slots.some(([first, last]) => first <= slot && slot <= last))
  if (owner === undefined) throw new Error(`No node of the cluster that answers owns slot ${slot}`)
  return owner
}

async function withinOneSecond<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('No answer within a second')), 1000)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
