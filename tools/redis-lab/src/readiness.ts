import { clusterView } from './cluster/cluster-view.js'
import type { LabNode } from './lab.js'
import { sentinelView } from './sentinel-primary.js'

// Each check answers `true` or throws a reason; a server that does not answer is a reason too.

/** Every server takes commands. */
export async function allAnswer(nodes: readonly LabNode[]): Promise<true> {
  await Promise.all(nodes.map((node) => node.command('PING')))
  return true
}

/** The primary feeds this many replicas, and all have the data set. */
export async function replicasInStep(primary: LabNode, count: number): Promise<true> {
  const info = String(await primary.command('INFO', 'replication'))
  const online = info.match(/^slave\d+:.*state=online/gm)?.length ?? 0
  if (online !== count) throw new Error(`${primary.name} has ${online} replicas in step, not ${count}`)
  return true
}

/** Every sentinel watches a healthy primary, the same one, and knows both replicas and the other sentinels. */
export async function sentinelsAgree(
  name: string,
  nodes: readonly LabNode[],
  sentinels: readonly LabNode[],
): Promise<true> {
  const views = await Promise.all(sentinels.map((sentinel) => sentinelView(name, sentinel)))
  const ports = new Set(views.map((view) => view.get('port')))
  if (ports.size !== 1)
    throw new Error(`The sentinels see different primaries: ports ${[...ports].join(', ')}`)
  for (const [index, view] of views.entries()) {
    const seen = ['flags', 'num-slaves', 'num-other-sentinels'].map((field) => view.get(field)).join(' ')
    const expected = `master ${nodes.length - 1} ${sentinels.length - 1}`
    if (seen !== expected)
      throw new Error(`${sentinels[index]?.name ?? 'A sentinel'} sees ${seen}, not ${expected}`)
  }
  const primary = nodes.find((node) => ports.has(String(node.port)))
  if (primary === undefined) throw new Error('The sentinels watch a primary that is not of this lab')
  return replicasInStep(primary, nodes.length - 1)
}

/** Every node sees all others healthy and all slots served, and every replica has its primary's data. */
export async function clusterIsWhole(nodes: readonly LabNode[]): Promise<true> {
  await Promise.all(nodes.map((node) => nodeSeesWholeCluster(node, nodes.length)))
  return true
}

async function nodeSeesWholeCluster(node: LabNode, nodeCount: number): Promise<void> {
  const [info, view, replication] = await Promise.all([
    node.command('CLUSTER', 'INFO'),
    clusterView(node),
    node.command('INFO', 'replication'),
  ])
  const lines = String(info).split('\r\n')
  for (const expected of ['cluster_state:ok', 'cluster_slots_ok:16384', `cluster_known_nodes:${nodeCount}`]) {
    if (!lines.includes(expected)) throw new Error(`${node.name} does not say ${expected}`)
  }
  const unwell = view.find(({ flags }) => flags.some((flag) => /^(fail\??|handshake|noaddr)$/.test(flag)))
  if (unwell !== undefined)
    throw new Error(`${node.name} sees port ${unwell.port} as ${unwell.flags.join(',')}`)
  const replicas = view.filter(({ flags }) => flags.includes('slave')).length
  if (replicas !== nodeCount / 2) throw new Error(`${node.name} sees ${replicas} replicas`)
  if (/^role:slave/m.test(String(replication)) && !/^master_link_status:up/m.test(String(replication))) {
    throw new Error(`${node.name} is not in step with its primary`)
  }
}
