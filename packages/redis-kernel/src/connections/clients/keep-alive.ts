import type { Channel } from '../sending/channel.js'
import { stallTimeoutMs } from './connecting.js'
import type { ConnectionSettings } from '../options/options.js'

/**
 * Sends something over connections that their client would end for being idle, until `ended` fires. Each has one PING on
 * its way at most: writing starts the time limit of a socket anew, and one whose server is gone would never reach it.
 */
export function keepAlive(
  ended: AbortSignal,
  settings: Pick<ConnectionSettings, 'commandTimeoutMs'>,
  connected: () => readonly Channel[],
): void {
  const unanswered = new WeakSet<object>()
  const pingAll = (): void => {
    for (const channel of connected()) {
      const { connection } = channel
      if (unanswered.has(connection)) continue
      unanswered.add(connection)
      // Whatever it fails with, the client tells of the connection itself.
      void Promise.allSettled(channel.send([['PING']])).then(() => unanswered.delete(connection))
    }
  }
  const timer = setInterval(pingAll, stallTimeoutMs(settings) / 2).unref()
  ended.addEventListener('abort', () => clearInterval(timer), { once: true })
}
