import type { LabNode } from '../lab.js'

/** One line of CLUSTER NODES. */
export interface ClusterNodeLine {
  readonly id: string
  readonly port: number
  readonly flags: readonly string[]
  readonly configEpoch: number
  /** First and last slot of each range; slots that are on the move are not listed. */
  readonly slots: readonly (readonly [number, number])[]
}

/** What one node says of the cluster. */
export async function clusterView(node: LabNode): Promise<readonly ClusterNodeLine[]> {
  return parseClusterNodes(String(await node.command('CLUSTER', 'NODES')))
}

/** What one node says of itself. */
export async function ownLine(node: LabNode): Promise<ClusterNodeLine> {
  const own = (await clusterView(node)).find((line) => line.flags.includes('myself'))
  if (own === undefined) throw new Error(`${node.name} does not list itself in CLUSTER NODES`)
  return own
}

export function parseClusterNodes(text: string): ClusterNodeLine[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [id = '', address = '', flags = '', , , , epoch = '', , ...slots] = line.trim().split(' ')
      return {
        id,
        port: Number(/:(\d+)@/.exec(address)?.[1]),
        flags: flags.split(','),
        configEpoch: Number(epoch),
        slots: slots.filter((slot) => !slot.startsWith('[')).map(parseRange),
      }
    })
}

function parseRange(text: string): readonly [number, number] {
  const [first, last = first] = text.split('-').map(Number)
  return [Number(first), Number(last)]
}
