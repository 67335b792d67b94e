import { type DriverFault, withDeadline } from '@cairnkit/core/driver'
import type { RedisCommand, RedisReply } from '../../redis-transport.js'
import { ConnectionLog } from '../failures/connection-log.js'
import type { OwnClientKind } from '../clients/own-client.js'
import type { RedisAddress, SentinelSettings, StandaloneSettings } from '../options/options.js'
import type { SingleServerClient } from '../clients/single-server.js'

/** Makes a client of one server; it is used for Sentinels and for primaries alike. */
export type MakeStandalone = (settings: StandaloneSettings) => SingleServerClient<unknown>

/** A primary as Sentinels name it. */
export interface Candidate {
  readonly address: RedisAddress
  readonly votes: number
}

/** What Sentinels say, those that name most first. */
export interface Verdict {
  readonly candidates: readonly Candidate[]
  readonly voters: number
}

interface Connection {
  readonly kind: OwnClientKind<unknown>
  readonly client: unknown
  readonly opened: Promise<void>
}

/** Once one has answered, how long the others have. */
const STRAGGLERS_MS = 100

const NO_KEY = new Uint8Array()

/**
 * The Sentinels of one primary, all of them asked at once: during a failover the first to know is the one that leads it,
 * a second or more before the others.
 */
export class SentinelQuorum {
  readonly #settings: SentinelSettings
  readonly #standalone: MakeStandalone
  readonly #log: ConnectionLog
  readonly #known = new Map<string, RedisAddress>()
  readonly #connections = new Map<string, Connection>()

  constructor(settings: SentinelSettings, standalone: MakeStandalone, log: ConnectionLog) {
    this.#settings = settings
    this.#standalone = standalone
    this.#log = log
    for (const node of settings.nodes) this.#known.set(textOf(node), node)
  }

  /** Those that were named, and those that were learned of. */
  get addresses(): Iterable<RedisAddress> {
    return this.#known.values()
  }

  /** Rejects when none answers, or none knows the primary. */
  async ask(): Promise<Verdict> {
    const { name } = this.#settings
    const answers = await this.#askAll(['SENTINEL', 'GET-MASTER-ADDR-BY-NAME', name])
    const votes = new Map<string, { readonly address: RedisAddress; votes: number }>()
    for (const answer of answers) {
      const address = addressOf(answer)
      if (address === undefined) continue
      const vote = votes.get(textOf(address)) ?? { address, votes: 0 }
      vote.votes++
      votes.set(textOf(address), vote)
    }
    if (votes.size === 0)
      throw new Error(answers.length > 0 ? `No such master: ${name}` : 'no Sentinel answers')
    const candidates = [...votes.values()].toSorted((left, right) => right.votes - left.votes)
    return { candidates, voters: answers.length }
  }

  /** Learns of Sentinels that were not named. One that cannot be reached is no loss. */
  async learn(): Promise<void> {
    for (const answer of await this.#askAll(['SENTINEL', 'SENTINELS', this.#settings.name])) {
      for (const fields of Array.isArray(answer) ? (answer as readonly RedisReply[]) : []) {
        const address = addressOf([field(fields, 'ip'), field(fields, 'port')])
        if (address === undefined) continue
        const mapped = this.#settings.addressMap?.[textOf(address)] ?? address
        this.#known.set(textOf(mapped), mapped)
      }
    }
  }

  async destroy(): Promise<void> {
    const connections = [...this.#connections.values()]
    this.#connections.clear()
    await Promise.all(connections.map(async ({ kind, client }) => await kind.destroy(client)))
  }

  /** The answers of those that give one. */
  async #askAll(command: RedisCommand): Promise<RedisReply[]> {
    const answers: RedisReply[] = []
    const asked = [...this.#known.values()].map(async (address) => {
      answers.push(await this.#askOne(address, command))
    })
    const all = Promise.allSettled(asked)
    const first = await Promise.any(asked).then(
      () => true,
      () => false,
    )
    if (first) await withDeadline(all, STRAGGLERS_MS, undefined).catch((_late: DriverFault) => undefined)
    return [...answers]
  }

  async #askOne(address: RedisAddress, command: RedisCommand): Promise<RedisReply> {
    const connection = this.#connection(address)
    const { kind, client, opened } = connection
    try {
      const answer = opened.then(() => kind.send(client, NO_KEY, command))
      return await withDeadline(
        answer,
        this.#settings.attemptTimeoutMs,
        undefined,
        `no answer from ${textOf(address)}`,
      )
    } catch (cause) {
      this.#log.note(cause)
      if (this.#connections.get(textOf(address)) === connection) this.#connections.delete(textOf(address))
      void kind.destroy(client)
      throw cause
    }
  }

  #connection(address: RedisAddress): Connection {
    const known = this.#connections.get(textOf(address))
    if (known !== undefined) return known
    const kind = this.#standalone(settingsOf(this.#settings, address))
    const client = kind.create(new ConnectionLog(this.#log))
    const connection = { kind, client, opened: kind.open(client) }
    this.#connections.set(textOf(address), connection)
    return connection
  }
}

/** How to connect to one of them. */
export function settingsOf(
  { sentinelCredentials, sentinelTls, ...settings }: SentinelSettings,
  address: RedisAddress,
): StandaloneSettings {
  return { ...settings, ...address, credentials: sentinelCredentials, tls: sentinelTls, db: 0 }
}

export function textOf({ host, port }: RedisAddress): string {
  return `${host}:${port}`
}

function addressOf(reply: RedisReply | undefined): RedisAddress | undefined {
  if (!Array.isArray(reply)) return undefined
  const [host, port] = (reply as readonly RedisReply[]).map(text)
  return host === undefined || port === undefined ? undefined : { host, port: Number(port) }
}

/** A field of a flat list of names and values. */
function field(reply: RedisReply, name: string): RedisReply {
  const list = Array.isArray(reply) ? (reply as readonly RedisReply[]) : []
  const at = list.findIndex((item, index) => index % 2 === 0 && text(item) === name)
  return list[at + 1] ?? null
}

function text(reply: RedisReply | undefined): string | undefined {
  return reply instanceof Uint8Array ? Buffer.from(reply).toString() : undefined
}
