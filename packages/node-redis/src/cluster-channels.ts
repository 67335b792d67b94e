import { type Channel, type Channels, ConnectionLog, hashSlot } from '@cairnkit/redis-kernel'
import { type ClusterCaller, callCluster, channelOf } from './calls.js'

/** The connections of a cluster, one for each primary. `failed` hears of a primary that cannot be reached. */
export function clusterChannels<Client extends ClusterCaller>(
  failed: (cluster: Client, key: Uint8Array, cause: unknown) => void = () => {},
): Required<Channels<Client>> {
  const to = async (cluster: Client, node: object | undefined): Promise<Channel> => {
    if (node === undefined) throw new ConnectionLog().fault('The owner of the slot is not known')
    return channelOf(await cluster.nodeClient(node))
  }
  return {
    channel: async (cluster, key) => {
      const report = (cause: unknown): void => failed(cluster, key, cause)
      try {
        const channel = await to(cluster, cluster.slots[hashSlot(key)]?.master)
        const send: Channel['send'] = (commands) => {
          const replies = channel.send(commands)
          for (const reply of replies) reply.catch(report)
          return replies
        }
        return { connection: channel.connection, send }
      } catch (cause) {
        report(cause)
        throw cause
      }
    },
    redirection: {
      // A command that is routed by the client: it follows MOVED, and asks for the slots anew.
      learn: async (cluster, key) => {
        await callCluster(cluster, key, ['ZCARD', key])
      },
      at: async (cluster, address) => {
        const node = cluster.masters.find((master) => master.address === address)
        return node === undefined ? undefined : await to(cluster, node)
      },
    },
  }
}
