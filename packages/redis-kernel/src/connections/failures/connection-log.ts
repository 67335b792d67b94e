import { type Classification, DriverFault } from '@cairnkit/core/driver'
import { classifyServerError } from '../../storage/index.js'
import { classifySocketError, isUnknownName, notSent } from './socket-errors.js'

interface Finding {
  /** The more telling, the higher. */
  readonly weight: number
  readonly classification: Classification
  readonly reason: string
}

interface Symptom {
  readonly pattern: RegExp
  readonly classification: Classification
  readonly explanation: string
}

/** What servers and clients say when a connection cannot be set up, the most telling first. */
const SYMPTOMS: readonly Symptom[] = [
  {
    pattern: /\b(WRONGPASS|NOAUTH)\b|invalid password|no password is set|any password configured/i,
    classification: { code: 'auth', disposition: 'permanent' },
    explanation: 'the server refused the credentials',
  },
  {
    pattern: /\b(NOPERM|DENIED)\b/,
    classification: { code: 'forbidden', disposition: 'permanent' },
    explanation: 'the server does not allow it',
  },
  {
    pattern: /DB index|SELECT is not allowed/i,
    classification: { code: 'unsupported', disposition: 'permanent' },
    explanation: 'the server has no such database',
  },
  {
    pattern: /cluster support disabled/i,
    classification: { code: 'unsupported', disposition: 'permanent' },
    explanation: 'the server is no cluster: use { url }',
  },
  {
    pattern: /No such master|invalid reply: null/,
    // Those that have just started do not know it yet.
    classification: notSent,
    explanation: 'the Sentinels know no primary of this name',
  },
  {
    pattern: /unknown command [`'"]?sentinel/i,
    classification: { code: 'unsupported', disposition: 'permanent' },
    explanation: 'the server is no Sentinel: use { url }',
  },
  {
    pattern: /Unknown RESP type|as reply type byte/,
    classification: { code: 'unsupported', disposition: 'permanent' },
    explanation: 'the server does not speak the protocol of Redis',
  },
]

/** What the clients say when their own limit for making a connection is over: ioredis, node-redis. */
const CONNECT_TIMEOUT = /^(connect ETIMEDOUT|Connection timeout)\b/

const nameUnknown: Classification = Object.freeze({ code: 'unavailable', disposition: 'permanent' })

/** What to look at when a server takes a connection, or seems to, and says nothing. */
export const SILENT_SERVER_HINT = 'is it Redis, and do both sides agree on TLS?'

const MAX_ERRORS = 32

interface Noted {
  readonly error: unknown
  /** The server that it is about, where the client has several. */
  readonly address: string | undefined
  /** Whether another server has named it, and not the user. */
  readonly isAnnounced?: boolean
}

const ANNOUNCED_HINT =
  'the cluster announces this address: if another one leads to that node from here, set it in addressMap'

interface LogOptions {
  readonly isKnown?: boolean
  readonly address?: string
}

/** Whether a client was ever connected, and its errors since it last was. */
export class ConnectionLog {
  #connected = false
  #errors: Noted[] = []
  readonly #whole: Pick<ConnectionLog, 'noteAt'> | undefined
  readonly #isKnown: boolean
  readonly #address: string | undefined

  /**
   * With `whole`, as the log of one of several connections, it passes on what it hears, as being about `address`.
   * `isKnown`: its server was there before, so that a name which nobody knows now may come back.
   */
  constructor(whole?: Pick<ConnectionLog, 'noteAt'>, { isKnown = false, address }: LogOptions = {}) {
    this.#whole = whole
    this.#isKnown = isKnown
    this.#address = address
  }

  /** Whether this client was ever connected: one that never was gives up, so that connecting fails in time. */
  get connected(): boolean {
    return this.#connected
  }

  opened(): void {
    this.#connected = true
    this.#errors = []
  }

  /** Forgets what is over; not while connecting, when "ready" may be said of a connection that is about to end. */
  ready(): void {
    if (this.#connected) this.#errors = []
  }

  readonly note = (error: unknown): void => this.noteAt(this.#address, error)

  /** Notes what is about one server of several. */
  noteAt(address: string | undefined, error: unknown, isAnnounced = false): void {
    this.#whole?.noteAt(address, error, isAnnounced)
    if (this.#errors.length === MAX_ERRORS) this.#errors.shift()
    this.#errors.push({ error, address, isAnnounced })
  }

  /**
   * The most telling of what was said, as a fault. A new error, and without a cause: clients hang the arguments of
   * AUTH on theirs. `cause` is one more, which is not kept.
   */
  fault(what: string, cause?: unknown): DriverFault {
    const noted = cause === undefined ? this.#errors : [{ error: cause, address: undefined }, ...this.#errors]
    const findings = noted.map((one) => this.#examine(one))
    const top = findings.reduce<Finding | undefined>(
      (best, finding) => (best !== undefined && best.weight > finding.weight ? best : finding),
      undefined,
    )
    return new DriverFault(
      top?.classification ?? notSent,
      top === undefined ? what : `${what}: ${top.reason}`,
    )
  }

  #examine({ error, address, isAnnounced }: Noted): Finding {
    const finding = examine(error)
    const { classification, reason } = finding
    const isAway = this.#isKnown && isUnknownName(rootOf(error))
    const at = address === undefined || reason.includes(address) ? reason : `${address}: ${reason}`
    return {
      ...finding,
      classification: isAway ? notSent : classification,
      reason: isAnnounced === true ? `${at}; ${ANNOUNCED_HINT}` : at,
    }
  }
}

function examine(error: unknown): Finding {
  const root = rootOf(error)
  const text = root instanceof Error ? root.message || root.name : String(root)
  const at = SYMPTOMS.findIndex(({ pattern }) => pattern.test(text))
  const symptom = SYMPTOMS[at]
  if (symptom !== undefined) {
    const { classification, explanation } = symptom
    return { weight: 100 - at, classification, reason: `${explanation} (${text})` }
  }
  const socket = classifySocketError(root)
  if (socket?.disposition === 'permanent') {
    return { weight: 50, classification: socket, reason: `TLS: ${text} (${codeOf(root)})` }
  }
  const reply = classifyServerError(root)
  if (reply !== undefined) {
    return { weight: reply.disposition === 'permanent' ? 70 : 30, classification: reply, reason: text }
  }
  // Below what others say: where one of several names is unknown, the servers of the others may come back.
  if (isUnknownName(root)) return { weight: 15, classification: nameUnknown, reason: text }
  if (CONNECT_TIMEOUT.test(text)) {
    const classification = { code: 'timeout', disposition: 'transient' } as const
    return { weight: 20, classification, reason: `no answer in time (${text}); ${SILENT_SERVER_HINT}` }
  }
  if (DriverFault.isInstance(root)) {
    return { weight: root.disposition === 'permanent' ? 60 : 5, classification: root, reason: text }
  }
  // Nothing is sent before a connection stands, so every failure to make one is safe to repeat.
  if (socket !== undefined) return { weight: 20, classification: notSent, reason: text || codeOf(root) }
  return {
    weight: /closed|sentinels|nodes? (is|are)/i.test(text) ? 1 : 10,
    classification: notSent,
    reason: text,
  }
}

/** Clients wrap: what went wrong is at the bottom. */
function rootOf(error: unknown): unknown {
  let root = error
  for (let depth = 0; depth < 5; depth++) {
    if (!(root instanceof Error)) return root
    const { cause, lastNodeError } = root as { cause?: unknown; lastNodeError?: unknown }
    const inner = root instanceof AggregateError ? root.errors.at(-1) : (lastNodeError ?? cause)
    if (!(inner instanceof Error)) return root
    root = inner
  }
  return root
}

function codeOf(error: unknown): string {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined
  return typeof code === 'string' ? code : 'no code'
}
