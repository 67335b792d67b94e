import { DriverFault } from '@cairnkit/core/driver'
import type { RedisCommand, WaitedReply } from '../../redis-transport.js'
import type { Channel, Redirection } from './channel.js'
import { notSent } from '../failures/socket-errors.js'
import { type WaitingSends, outcomeOf } from './waiting-sends.js'

const MAX_REDIRECTIONS = 5

/** What a client must have for sending a command with a WAIT behind it. */
export interface Channels<Client> {
  /** The channel to the server that owns `key`, as far as the client knows. */
  channel(client: Client, key: Uint8Array): Channel | Promise<Channel>
  /** Only for a Cluster. */
  readonly redirection?: Redirection<Client>
}

export interface ThenWait {
  readonly key: Uint8Array
  readonly command: RedisCommand
  readonly wait: RedisCommand
  readonly expiresAt: number
}

/**
 * Sends a command and a WAIT behind it on the same connection. A client's own routing may send two commands to two servers, so
 * the connection is chosen here. MOVED and ASK are also followed here; a command that was refused with one did nothing.
 */
export async function sendThenWait<Client>(
  channels: Channels<Client>,
  client: Client,
  sends: WaitingSends,
  { key, command, wait, expiresAt }: ThenWait,
): Promise<WaitedReply> {
  const { redirection } = channels
  for (let redirections = 0; ; redirections++) {
    const found = channels.channel(client, key)
    const channel = found instanceof Promise ? await found : found
    try {
      return await sends.send(channel, command, wait, expiresAt)
    } catch (cause) {
      const [kind, , address] = cause instanceof Error ? cause.message.split(' ') : []
      const isRedirection = kind === 'MOVED' || kind === 'ASK'
      if (redirection === undefined || !isRedirection || address === undefined) throw cause
      if (redirections === MAX_REDIRECTIONS) throw new DriverFault(notSent, `too many redirections: ${kind}`)
      if (kind === 'ASK') {
        const target = await redirection.at(client, address)
        if (target === undefined) throw new DriverFault(notSent, `no connection to ${address} yet`)
        return await askThenWait(target, command, wait)
      }
      await redirection.learn(client, key)
    }
  }
}

/** The server that takes over a slot serves a key of it only directly after ASKING. */
async function askThenWait(
  channel: Channel,
  command: RedisCommand,
  wait: RedisCommand,
): Promise<WaitedReply> {
  const [asking, reply, waiting] = channel.send([['ASKING'], command, wait])
  const waited = outcomeOf(waiting)
  // If it fails, so does the command behind it, which reports that.
  asking?.catch(() => undefined)
  return { reply: (await reply) ?? null, waited }
}
