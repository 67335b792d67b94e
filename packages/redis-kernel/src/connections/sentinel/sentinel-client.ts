import { addressList } from '../clients/connecting.js'
import type { OwnClientKind } from '../clients/own-client.js'
import type { SentinelSettings } from '../options/connection-plan.js'
import type { MakeStandalone } from './connected-server.js'
import { PrimaryFollower } from './primary-follower.js'
import { SentinelTracker } from './sentinel-tracker.js'

/**
 * Clients of the primary that Sentinels name. Each has its own connection to the primary; all share one tracker of the
 * Sentinels, so make one kind for the whole pool.
 */
export function sentinelClient(
  settings: SentinelSettings,
  standalone: MakeStandalone,
): OwnClientKind<PrimaryFollower> {
  const tracker = new SentinelTracker(settings, standalone)
  return {
    target: `the primary ${settings.name} of ${addressList(settings.nodes)}`,
    create: (log) => new PrimaryFollower(settings, standalone, tracker, log),
    open: (follower) => follower.open(),
    isReady: (follower) => {
      if (!follower.isConnected) follower.seek()
      return follower.isConnected
    },
    send: (follower, key, command) => follower.send(key, command),
    channel: (follower, key) => follower.channel(key),
    channels: (follower) => follower.channels,
    destroy: (follower) => follower.destroy(),
    connection: (follower) => follower.connection,
    receivedBytes: (follower) => follower.receivedBytes,
    silent: (follower, { connection }) => {
      // It may have moved to another server since the command was sent.
      if (follower.connection === connection) follower.leave()
      return 'keep'
    },
  }
}
