import { FaultProxy } from '@cairnkit/conformance/faults'
import type { Lab } from '@cairnkit/redis-lab'
import type { Network } from './network.js'

/**
 * A proxy before each server that holds data, for machines without network namespaces. Only writers go through it: the
 * servers see each other whatever is cut.
 */
export async function proxyNetwork(nodes: Lab['nodes']): Promise<Network> {
  const cut = new Set<number>()
  const proxy = await FaultProxy.open({
    targets: nodes,
    plan: { connection: ({ target }) => (cut.has(target.port) ? { type: 'black-hole' } : undefined) },
  })
  return {
    kind: 'proxy',
    addressMap: proxy.addressMap,
    async cut(node) {
      cut.add(node.port)
      proxy.silenceAll(node)
    },
    async mend(node) {
      cut.delete(node.port)
    },
    [Symbol.asyncDispose]: () => proxy.close(),
  }
}
