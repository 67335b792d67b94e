import { type Classification, DriverFault } from '@cairnkit/core/driver'
import { classifyServerError } from '../../storage/index.js'
import { classifySocketError, isUnknownName, notSent } from './socket-errors.js'

interface Finding {
  /** The more telling, the higher. */
  readonly weight: number
  readonly classification: Classification
  readonly reason: string
  /** Another address may be the remedy. */
  readonly isOutOfReach?: boolean
}

interface Symptom {
  readonly pattern: RegExp
  readonly classification: Classification
  readonly explanation: string
}

/** Of a host, or of a primary: nobody knows it. */
const nameUnknown: Classification = Object.freeze({ code: 'unavailable', disposition: 'permanent' })

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
    pattern: /No such master: .*; they know /,
    classification: nameUnknown,
    explanation: 'the Sentinels know no primary of this name: is it spelt right?',
  },
  {
    pattern: /No such master|invalid reply: null/,
    // Those that have just started do not know it yet.
    classification: notSent,
    explanation: 'the Sentinels know no primary of this name, or not yet: is it spelt right?',
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

/** What to look at when a server takes a connection, or seems to, and says nothing. */
export const SILENT_SERVER_HINT = 'is it Redis, and do both sides agree on TLS?'

/** What to do when connecting was cut by its time. */
export const CONNECT_ADVICE =
  'Check that the server runs and can be reached from here, or allow more time with connectTimeoutMs of the driver.'

const MAX_ERRORS = 32

interface Noted {
  readonly error: unknown
  /** The server that it is about, where the client has several. */
  readonly address: string | undefined
  readonly announcedBy: Announcer | undefined
}

/** Who has named a server, where it was not the user. */
export type Announcer = 'the cluster' | 'the Sentinels'

const announcedHint = (by: Announcer): string =>
  `this server was named by ${by}: if another address leads to it from here, set that in addressMap`

/**
 * What a connection logs in with. `asked`: what a function gave, which may give another password the next time; `asked
 * again`: what it gave after the one before was refused.
 */
export type LoginOrigin = 'fixed' | 'asked' | 'asked again'

interface LogOptions {
  readonly isKnown?: boolean
  readonly address?: string
  readonly login?: LoginOrigin
}

/** Whether a client was ever connected, and its errors since it last was. */
export class ConnectionLog {
  #connected = false
  #errors: Noted[] = []
  readonly #whole: Pick<ConnectionLog, 'noteAt'> | undefined
  readonly #isKnown: boolean
  readonly #address: string | undefined
  #login: LoginOrigin

  /**
   * With `whole`, as the log of one of several connections, it passes on what it hears, as being about `address`.
   * `isKnown`: its server was there before, so that a name which nobody knows now may come back.
   */
  constructor(
    whole?: Pick<ConnectionLog, 'noteAt'>,
    { isKnown = false, address, login = 'fixed' }: LogOptions = {},
  ) {
    this.#whole = whole
    this.#isKnown = isKnown
    this.#address = address
    this.#login = login
  }

  /** Whether this client was ever connected: one that never was gives up, so that connecting fails in time. */
  get connected(): boolean {
    return this.#connected
  }

  opened(): void {
    this.#connected = true
    this.#errors = []
    if (this.#login === 'asked again') this.#login = 'asked'
  }

  /** Forgets what is over; not while connecting, when "ready" may be said of a connection that is about to end. */
  ready(): void {
    if (this.#connected) this.#errors = []
  }

  readonly note = (error: unknown): void => this.noteAt(this.#address, error)

  /** Notes what is about one server of several. */
  noteAt(address: string | undefined, error: unknown, announcedBy?: Announcer): void {
    this.#whole?.noteAt(address, error, announcedBy)
    if (this.#errors.length === MAX_ERRORS) this.#errors.shift()
    this.#errors.push({ error, address, announcedBy })
  }

  /**
   * The most telling of what was said, as a fault. A new error, and without a cause: clients hang the arguments of
   * AUTH on theirs. `cause` is one more, which is not kept.
   */
  fault(what: string, cause?: unknown): DriverFault {
    const more = cause === undefined ? [] : [{ error: cause, address: undefined, announcedBy: undefined }]
    const noted = [...more, ...this.#errors]
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

  #examine({ error, address, announcedBy }: Noted): Finding {
    const finding = examine(error)
    const { classification, reason, isOutOfReach } = finding
    const at = address === undefined || reason.includes(address) ? reason : `${address}: ${reason}`
    return {
      ...finding,
      classification: this.#mayPass(classification)
        ? { code: classification.code, disposition: 'transient' }
        : classification,
      reason:
        announcedBy === undefined || isOutOfReach !== true ? at : `${at}; ${announcedHint(announcedBy)}`,
    }
  }

  /** Whether what a person would have to change elsewhere may change by itself here. */
  #mayPass(classification: Classification): boolean {
    if (classification === nameUnknown) return this.#isKnown || this.#connected
    return classification.code === 'auth' && this.#login === 'asked'
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
    return {
      weight: 50,
      classification: socket,
      reason: `TLS: ${text} (${codeOf(root)})`,
      isOutOfReach: true,
    }
  }
  const reply = classifyServerError(root)
  if (reply !== undefined) {
    return { weight: reply.disposition === 'permanent' ? 70 : 30, classification: reply, reason: text }
  }
  // Below what others say: where one of several names is unknown, the servers of the others may come back.
  if (isUnknownName(root))
    return { weight: 15, classification: nameUnknown, reason: text, isOutOfReach: true }
  if (CONNECT_TIMEOUT.test(text)) {
    const classification = { code: 'timeout', disposition: 'transient', advice: CONNECT_ADVICE } as const
    const reason = `no answer in time (${text}); ${SILENT_SERVER_HINT}`
    return { weight: 20, classification, reason, isOutOfReach: true }
  }
  if (DriverFault.isInstance(root)) {
    const weight = root.disposition === 'permanent' ? 60 : 5
    return { weight, classification: root, reason: text, isOutOfReach: root.code === 'timeout' }
  }
  // Nothing is sent before a connection stands, so every failure to make one is safe to repeat.
  if (socket !== undefined)
    return { weight: 20, classification: notSent, reason: text || codeOf(root), isOutOfReach: true }
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
