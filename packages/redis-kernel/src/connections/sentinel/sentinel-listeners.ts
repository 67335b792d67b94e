import { greet, keepAliveMs, stallTimeoutMs } from '../clients/connecting.js'
import { KeepAlive, ping } from '../clients/keep-alive.js'
import type { SingleServerClient } from '../clients/single-server.js'
import { ConnectionLog } from '../failures/connection-log.js'
import type { SentinelSettings } from '../options/connection-plan.js'
import type { RedisAddress } from '../options/options.js'
import type { Channel } from '../sending/channel.js'
import { addressText } from './address-text.js'
import { type MakeStandalone, answerWithin } from './connected-server.js'
import { type SentinelEvent, parseSentinelEvent, sentinelChannels } from './sentinel-event.js'
import { settingsOf } from './sentinel-poll.js'

/** How long a listener may be silent: longer than a busy process stands still, because a new listener misses announcements. */
const LEAST_SILENCE_MS = 5000

interface Listener {
  readonly kind: SingleServerClient<unknown>
  readonly client: unknown
  readonly keepAlive: KeepAlive
  state: 'connecting' | 'listening' | 'forbidden'
}

/**
 * Listens to what Sentinels announce about failovers of one primary. This helps, but is not necessary: a Sentinel that cannot be
 * reached, or does not allow listening, is also asked regularly.
 */
export class SentinelListeners {
  readonly #settings: SentinelSettings
  readonly #standalone: MakeStandalone
  readonly #hear: (event: SentinelEvent, sentinel: string) => void
  readonly #listeners = new Map<string, Listener>()

  constructor(
    settings: SentinelSettings,
    standalone: MakeStandalone,
    hear: (event: SentinelEvent, sentinel: string) => void,
  ) {
    this.#settings = {
      ...settings,
      commandTimeoutMs: Math.max(settings.commandTimeoutMs, LEAST_SILENCE_MS),
    }
    this.#standalone = standalone
    this.#hear = hear
  }

  /** Starts listening to each of these Sentinels that has no listener yet. */
  keep(sentinels: Iterable<RedisAddress>): void {
    for (const address of sentinels) {
      const name = addressText(address)
      const listener = this.#listeners.get(name)
      if (listener?.state === 'listening' && !listener.kind.isReady(listener.client))
        this.#end(name, listener)
      if (!this.#listeners.has(name)) void this.#listen(address)
    }
  }

  async destroy(): Promise<void> {
    const listeners = [...this.#listeners.values()]
    this.#listeners.clear()
    await Promise.all(listeners.map(end))
  }

  /** Never rejects. */
  async #listen(address: RedisAddress): Promise<void> {
    const name = addressText(address)
    const kind = this.#standalone(settingsOf(this.#settings, address))
    // Failures here have no consequences, so nobody reads this log.
    const client = kind.create(new ConnectionLog())
    const inTime = async (answer: Promise<void>): Promise<void> =>
      await answerWithin(answer, name, stallTimeoutMs(this.#settings))
    const ask = async (channel: Channel): Promise<void> => {
      await inTime(greet(ping(channel))).catch(() => this.#end(name, listener))
    }
    // Sentinels may have nothing to announce for months.
    const keepAlive = new KeepAlive(keepAliveMs(this.#settings), () => kind.channels(client), ask)
    const listener: Listener = { kind, client, keepAlive, state: 'connecting' }
    this.#listeners.set(name, listener)
    try {
      await inTime(kind.open(client))
      const subscribed = kind.subscribe(client, sentinelChannels, (channel, message) => {
        const event = parseSentinelEvent(channel, message, this.#settings.name)
        if (event !== undefined && this.#listeners.get(name) === listener) this.#hear(event, name)
      })
      await inTime(subscribed)
      if (this.#listeners.get(name) !== listener) return
      listener.state = 'listening'
      keepAlive.start()
    } catch (cause) {
      const isForbidden = cause instanceof Error && cause.message.startsWith('NOPERM')
      if (isForbidden) {
        listener.state = 'forbidden'
        await end(listener)
      } else this.#end(name, listener)
    }
  }

  /** Ends a listener. The next {@link keep} makes another one. */
  #end(name: string, listener: Listener): void {
    if (this.#listeners.get(name) !== listener) return
    this.#listeners.delete(name)
    void end(listener)
  }
}

async function end({ kind, client, keepAlive }: Listener): Promise<void> {
  keepAlive.stop()
  await kind.destroy(client)
}
