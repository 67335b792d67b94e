import type { ConnectionOptions } from 'node:tls'
import { assertKnownOptions } from '@cairnkit/core/driver'
import type { Servers } from './connection-plan.js'
import { addressMapOption, addressOption } from './option-values.js'
import type { AddressMap, ClusterTarget, RedisAddress, SentinelTarget } from './options.js'

const ofSentinel: readonly (keyof SentinelTarget)[] = ['name', 'nodes', 'tls', 'addressMap']
const ofCluster: readonly (keyof ClusterTarget)[] = ['nodes', 'addressMap']

/** The servers that the option `sentinel` names. */
export function sentinelOption(value: unknown): Servers {
  const { nodes, addressMap } = nodesOf('sentinel', value, ofSentinel)
  const { name, tls } = value as { readonly name?: unknown; readonly tls?: boolean | ConnectionOptions }
  if (typeof name !== 'string' || name === '') {
    throw new TypeError('sentinel.name: expected the name by which the Sentinels know the primary')
  }
  return { kind: 'sentinel', name, nodes, addressMap, tls }
}

/** The servers that the option `cluster` names. */
export function clusterOption(value: unknown): Servers {
  return { kind: 'cluster', ...nodesOf('cluster', value, ofCluster) }
}

function nodesOf(
  target: string,
  value: unknown,
  known: readonly string[],
): { nodes: readonly RedisAddress[]; addressMap: AddressMap | undefined } {
  if (typeof value !== 'object' || value === null) {
    throw new TypeError(
      `${target}: expected an object with nodes, got ${value === null ? 'null' : typeof value}`,
    )
  }
  assertKnownOptions(target, value, known)
  const { nodes, addressMap } = value as { readonly nodes?: unknown; readonly addressMap?: unknown }
  if (!Array.isArray(nodes) || nodes.length === 0) {
    throw new TypeError(`${target}.nodes: expected at least one { host, port }`)
  }
  return {
    nodes: nodes.map((node, at) => addressOption(`${target}.nodes[${at}]`, node)),
    addressMap: addressMapOption(`${target}.addressMap`, addressMap),
  }
}
