import type { clusterClient } from '../../src/cluster.js'

type Client = ReturnType<ReturnType<typeof clusterClient>['create']>
export type ForgottenNode = Pick<Client['masters'][number], 'client'>

/** As node-redis does with a node that has left the cluster, whatever its client is at. */
export function forget(node: ForgottenNode): void {
  node.client?.destroy()
  delete node.client
}
