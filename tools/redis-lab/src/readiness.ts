import { clusterView } from './cluster/cluster-view.js'
import type { LabNode } from './lab.js'
import { sentinelView } from './sentinel-primary.js'

// Each check answers `true` or throws a reason; a server that does not answer is a reason too.

/** Every server takes commands. */
export async function allAnswer(nodes: readonly LabNode[]): Promise<true> {
  await Promise.all(nodes.map((node) => node.command('PING')))
  return true
}

/** As many replicas as are asked for have all that their primary has written, and are being fed what it writes. */
export async function replicasInStep(primary: LabNode, count: number): Promise<true> {
  const written = replicationOf(await primary.command('INFO', 'replication')).offset
  // More than there are: so that each is asked at once for an acknowledgement, which it gives once a second by itself.
  await primary.command('WAIT', String(count + 1), '50')
  // A replica is called online before its stream has begun, for up to a second. What was asked travels in the stream.
  const { confirmed } = replicationOf(await primary.command('INFO', 'replication'))
  const inStep = confirmed.filter((offset) => offset > 0 && offset >= written).length
  if (inStep !== count) throw new Error(`${primary.name} has ${inStep} replicas in step, not ${count}`)
  return true
}

interface Replication {
  /** How many bytes the primary has written to its stream. */
  readonly offset: number
  /** How many of them each replica that is online has confirmed. */
  readonly confirmed: readonly number[]
}

function replicationOf(info: unknown): Replication {
  const text = String(info)
  const [, offset] = /^master_repl_offset:(\d+)/m.exec(text) ?? []
  const confirmed = [...text.matchAll(/^slave\d+:.*state=online,offset=(\d+)/gm)].map(([, at]) => Number(at))
  return { offset: Number(offset), confirmed }
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
  const fed = /^connected_slaves:(\d+)/m.exec(String(replication))?.[1]
  if (/^role:master/m.test(String(replication))) await replicasInStep(node, Number(fed))
  else if (!/^master_link_status:up/m.test(String(replication))) {
    throw new Error(`${node.name} is not in step with its primary`)
  }
}
