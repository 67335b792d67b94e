import type { Channel, RedisReply } from '@cairnkit/redis-kernel/connections'
import { type Caller, channelOf } from './calls.js'

/** Calls back with a client that is ours until what `work` returned settles. */
export type Lease = (work: (client: Caller) => Promise<unknown>) => Promise<unknown>

/** Commands on one connection of a Sentinel or a pool, which choose a connection for each call. */
export function leasedChannelOf(connection: object, lease: Lease): Channel {
  return {
    connection,
    send: (commands) => {
      const begun = new Promise<readonly Promise<RedisReply>[]>((resolve, reject) => {
        const work = async (client: Caller): Promise<void> => {
          const sent = channelOf(client).send(commands)
          resolve(sent)
          await Promise.allSettled(sent)
          // A Sentinel looks for another primary when it sees a command fail.
          await sent[0]
        }
        // Once it has begun, each command tells of itself.
        lease(work).catch(reject)
      })
      return commands.map(async (_command, at) => (await (await begun)[at]) ?? null)
    },
  }
}
