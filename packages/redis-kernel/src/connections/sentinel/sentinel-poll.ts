import { type DriverFault, withDeadline } from '@cairnkit/core/driver'
import type { RedisCommand, RedisReply } from '../../redis-transport.js'
import type { OwnClientKind } from '../clients/own-client.js'
import { ConnectionLog } from '../failures/connection-log.js'
import type { SentinelSettings, StandaloneSettings } from '../options/connection-plan.js'
import type { RedisAddress } from '../options/options.js'
import { addressText } from './address-text.js'
import { type MakeStandalone, answerWithin } from './connected-server.js'

/** A server that Sentinels name as the primary. */
export interface Candidate {
  readonly address: RedisAddress
  /** How many Sentinels name it. */
  readonly votes: number
}

/** What Sentinels say: first the server that most of them name. */
export interface PollResult {
  readonly candidates: readonly Candidate[]
  /** How many Sentinels have answered. */
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
 * Asks the Sentinels of one primary, all of them at once: during a failover the first to know is the one that leads it, a
 * second or more before the others.
 */
export class SentinelPoll {
  readonly #settings: SentinelSettings
  readonly #standalone: MakeStandalone
  readonly #log: Pick<ConnectionLog, 'noteAt'>
  readonly #known = new Map<string, RedisAddress>()
  readonly #connections = new Map<string, Connection>()

  constructor(settings: SentinelSettings, standalone: MakeStandalone, log: Pick<ConnectionLog, 'noteAt'>) {
    this.#settings = settings
    this.#standalone = standalone
    this.#log = log
    for (const node of settings.nodes) this.#known.set(addressText(node), node)
  }

  /** The Sentinels that were named, and those that were learned of. */
  get addresses(): Iterable<RedisAddress> {
    return this.#known.values()
  }

  /** How many bytes have come over the connections that stand. */
  get receivedBytes(): number {
    return [...this.#connections.values()].reduce(
      (sum, { kind, client }) => sum + kind.receivedBytes(client),
      0,
    )
  }

  /** Rejects when none answers, or none knows the primary. */
  async ask(): Promise<PollResult> {
    const { name } = this.#settings
    const answers = await this.#askAll(['SENTINEL', 'GET-MASTER-ADDR-BY-NAME', name])
    const votes = new Map<string, { readonly address: RedisAddress; votes: number }>()
    for (const answer of answers) {
      const address = addressOf(answer)
      if (address === undefined) continue
      const vote = votes.get(addressText(address)) ?? { address, votes: 0 }
      vote.votes++
      votes.set(addressText(address), vote)
    }
    if (votes.size === 0) throw new Error(await this.#whyNone(answers.length))
    const candidates = [...votes.values()].toSorted((left, right) => right.votes - left.votes)
    return { candidates, voters: answers.length }
  }

  /** Learns of Sentinels that were not named. One that cannot be reached is no loss. */
  async learn(): Promise<void> {
    for (const answer of await this.#askAll(['SENTINEL', 'SENTINELS', this.#settings.name])) {
      for (const fields of Array.isArray(answer) ? (answer as readonly RedisReply[]) : []) {
        const address = addressOf([field(fields, 'ip'), field(fields, 'port')])
        if (address === undefined) continue
        const mapped = this.#settings.addressMap?.[addressText(address)] ?? address
        this.#known.set(addressText(mapped), mapped)
      }
    }
  }

  async destroy(): Promise<void> {
    const connections = [...this.#connections.values()]
    this.#connections.clear()
    await Promise.all(connections.map(async ({ kind, client }) => await kind.destroy(client)))
  }

  /** Why none names the primary. Sentinels that have just started know none at all; those that know others say which. */
  async #whyNone(answered: number): Promise<string> {
    if (answered === 0) return 'no Sentinel answers'
    const reason = `No such master: ${this.#settings.name}`
    if (answered < this.#known.size) return reason
    const known = await Promise.all([...this.#known.values()].map((address) => this.#namesAt(address)))
    const names = new Set(known.flat())
    const isCertain = known.every(({ length }) => length > 0) && !names.has(this.#settings.name)
    return isCertain ? `${reason}; they know ${[...names].join(', ')}` : reason
  }

  /** Of the primaries that a Sentinel knows; empty where it does not say. */
  async #namesAt(address: RedisAddress): Promise<readonly string[]> {
    const name = addressText(address)
    const connection = this.#connections.get(name)
    if (connection === undefined) return []
    const { kind, client } = connection
    const answer = kind.send(client, NO_KEY, ['SENTINEL', 'MASTERS'])
    // The user may not be allowed to ask, which says nothing about the primary.
    const masters = await answerWithin(answer, name, this.#settings.attemptTimeoutMs).catch(() => null)
    if (!Array.isArray(masters)) return []
    return (masters as readonly RedisReply[]).flatMap((fields) => text(field(fields, 'name')) ?? [])
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
      return await answerWithin(answer, addressText(address), this.#settings.attemptTimeoutMs, {
        receivedBytes: () => kind.receivedBytes(client),
      })
    } catch (cause) {
      this.#log.noteAt(addressText(address), cause)
      if (this.#connections.get(addressText(address)) === connection)
        this.#connections.delete(addressText(address))
      void kind.destroy(client)
      throw cause
    }
  }

  #connection(address: RedisAddress): Connection {
    const known = this.#connections.get(addressText(address))
    if (known !== undefined) return known
    const kind = this.#standalone(settingsOf(this.#settings, address))
    const client = kind.create(new ConnectionLog(this.#log, { address: addressText(address) }))
    const connection = { kind, client, opened: kind.open(client) }
    this.#connections.set(addressText(address), connection)
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
