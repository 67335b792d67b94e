import { ConnectionLog } from '../failures/connection-log.js'
import { type SentinelEvent, sentinelChannels, parseSentinelEvent } from './sentinel-event.js'
import type { RedisAddress, SentinelSettings } from '../options/options.js'
import { type MakeStandalone, settingsOf, textOf } from './sentinel-quorum.js'
import type { SingleServerClient } from '../clients/single-server.js'

/** How long nothing may be heard: more than a busy process stands still, for what is announced meanwhile is missed. */
const LEAST_SILENCE_MS = 5000

interface Listener {
  readonly kind: SingleServerClient<unknown>
  readonly client: unknown
  state: 'connecting' | 'listening' | 'forbidden'
}

/**
 * Hears what Sentinels announce of the failovers of one primary. It is a help and no need: whoever is not heard, because
 * it cannot be reached or does not let us listen, is asked all the same.
 */
export class SentinelListeners {
  readonly #settings: SentinelSettings
  readonly #standalone: MakeStandalone
  readonly #hear: (news: SentinelEvent, sentinel: string) => void
  readonly #listeners = new Map<string, Listener>()

  constructor(
    settings: SentinelSettings,
    standalone: MakeStandalone,
    hear: (news: SentinelEvent, sentinel: string) => void,
  ) {
    this.#settings = {
      ...settings,
      commandTimeoutMs: Math.max(settings.commandTimeoutMs, LEAST_SILENCE_MS),
    }
    this.#standalone = standalone
    this.#hear = hear
  }

  /** Sees to it that each of these Sentinels is heard, in a while. */
  keep(sentinels: Iterable<RedisAddress>): void {
    for (const address of sentinels) {
      const name = textOf(address)
      const listener = this.#listeners.get(name)
      if (listener?.state === 'listening' && !listener.kind.isReady(listener.client)) this.#end(name)
      if (!this.#listeners.has(name)) void this.#listen(address)
    }
  }

  async destroy(): Promise<void> {
    const listeners = [...this.#listeners.values()]
    this.#listeners.clear()
    await Promise.all(listeners.map(async ({ kind, client }) => await kind.destroy(client)))
  }

  /** Never rejects. */
  async #listen(address: RedisAddress): Promise<void> {
    const name = textOf(address)
    const kind = this.#standalone(settingsOf(this.#settings, address))
    // What goes wrong here is no reason for anything else.
    const client = kind.create(new ConnectionLog())
    const listener: Listener = { kind, client, state: 'connecting' }
    this.#listeners.set(name, listener)
    try {
      await kind.open(client)
      await kind.subscribe(client, sentinelChannels, (channel, message) => {
        const news = parseSentinelEvent(channel, message, this.#settings.name)
        if (news !== undefined && this.#listeners.get(name) === listener) this.#hear(news, name)
      })
      listener.state = 'listening'
    } catch (cause) {
      if (this.#listeners.get(name) !== listener) return
      const isForbidden = cause instanceof Error && cause.message.startsWith('NOPERM')
      if (isForbidden) {
        listener.state = 'forbidden'
        await kind.destroy(client)
      } else this.#end(name)
    }
  }

  #end(name: string): void {
    const listener = this.#listeners.get(name)
    this.#listeners.delete(name)
    if (listener !== undefined) void listener.kind.destroy(listener.client)
  }
}
