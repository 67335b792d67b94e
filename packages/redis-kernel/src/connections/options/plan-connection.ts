import type { ConnectionOptions } from 'node:tls'
import { positiveMs, positiveWhole } from '../../shared/positive.js'
import { show } from '../../shared/show.js'
import type {
  ConnectionPlan,
  ConnectionSettings,
  Credentials,
  RedisAddress,
  RedisDriverOptions,
} from './options.js'
import { parseRedisUrl } from './redis-url.js'

const TARGETS = ['url', 'sentinel', 'cluster', 'client'] as const
const COMMON = ['keyPrefix', 'connectTimeoutMs', 'commandTimeoutMs']
const OF_CONNECTIONS = ['username', 'password', 'tls', 'db', 'poolSize']
const OF_SENTINELS = ['sentinelUsername', 'sentinelPassword']
const KNOWN = new Set<string>([...TARGETS, ...COMMON, ...OF_CONNECTIONS, ...OF_SENTINELS])

/** Every option of every target: what is left once contradictions are ruled out. */
interface AnyOptions {
  readonly url?: unknown
  readonly sentinel?: unknown
  readonly cluster?: unknown
  readonly client?: unknown
  readonly keyPrefix?: unknown
  readonly connectTimeoutMs?: unknown
  readonly commandTimeoutMs?: unknown
  readonly username?: unknown
  readonly password?: unknown
  readonly tls?: unknown
  readonly db?: unknown
  readonly poolSize?: unknown
  readonly sentinelUsername?: unknown
  readonly sentinelPassword?: unknown
}

/** Checks options and fills in defaults. Throws a `TypeError` that says what was passed and what to do. */
export function planConnection<Client>(options: RedisDriverOptions<Client>): ConnectionPlan<Client> {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(
      `options: expected an object with one of ${TARGETS.join(', ')}, got ${typeof options}`,
    )
  }
  const given: AnyOptions = { ...options }
  const names = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [name]))
  for (const name of names) {
    if (!KNOWN.has(name)) throw new TypeError(`${name}: no such option. There are: ${[...KNOWN].join(', ')}`)
  }
  const targets = TARGETS.filter((name) => names.includes(name))
  const [target] = targets
  if (target === undefined || targets.length > 1) {
    const got = targets.length === 0 ? 'none' : targets.join(' and ')
    throw new TypeError(`Pass exactly one of ${TARGETS.join(', ')}; got ${got}`)
  }
  const common = {
    keyPrefix: textOption('keyPrefix', given.keyPrefix) ?? 'cairn',
    connectTimeoutMs: positiveMs('connectTimeoutMs', given.connectTimeoutMs) ?? 5000,
    commandTimeoutMs: positiveMs('commandTimeoutMs', given.commandTimeoutMs) ?? 5000,
    poolSize: positiveWhole('poolSize', given.poolSize, 'connections') ?? 1,
  }
  if (target === 'client') {
    refuse(names, [...OF_CONNECTIONS, ...OF_SENTINELS], 'client', 'set it on the client that you pass')
    return { ...common, kind: 'given', client: options.client as Client }
  }
  if (target !== 'sentinel') refuse(names, OF_SENTINELS, target, 'it belongs to { sentinel }')
  const settings = (isAlone: boolean): ConnectionSettings => ({
    credentials: credentials(textOption('username', given.username), textOption('password', given.password)),
    tls: tlsOption('tls', given.tls),
    db: countOption('db', given.db),
    commandTimeoutMs: common.commandTimeoutMs,
    connectTimeoutMs: common.connectTimeoutMs,
    attemptTimeoutMs: Math.ceil(common.connectTimeoutMs / (isAlone ? 1 : 4)),
  })
  switch (target) {
    case 'url':
      return { ...common, kind: 'standalone', settings: atUrl(given, settings(true)) }
    case 'sentinel': {
      const { name, tls, ...where } = targetOption(target, given.sentinel)
      if (typeof name !== 'string' || name === '') {
        throw new TypeError('sentinel.name: expected the name by which the Sentinels know the primary')
      }
      const base = settings(false)
      const sentinel = {
        name,
        sentinelCredentials: credentials(
          textOption('sentinelUsername', given.sentinelUsername),
          textOption('sentinelPassword', given.sentinelPassword),
        ),
        sentinelTls: tls === undefined ? base.tls : tlsOption('sentinel.tls', tls),
      }
      return { ...common, kind: 'sentinel', settings: { ...base, ...sentinel, ...where } }
    }
    case 'cluster': {
      const { nodes, addressMap } = targetOption(target, given.cluster)
      const base = settings(false)
      if (base.db !== 0) {
        throw new TypeError(`db: ${base.db} with cluster: a cluster has only database 0, so leave db out`)
      }
      return { ...common, kind: 'cluster', settings: { ...base, nodes, addressMap } }
    }
  }
}

function refuse(given: readonly string[], names: readonly string[], target: string, advice: string): void {
  const name = names.find((candidate) => given.includes(candidate))
  if (name !== undefined) throw new TypeError(`${name} cannot go with ${target}: ${advice}`)
}

function atUrl(given: AnyOptions, settings: ConnectionSettings): ConnectionSettings & RedisAddress {
  if (typeof given.url !== 'string') throw new TypeError(`url: expected a string, got ${typeof given.url}`)
  const { tls, ...url } = parseRedisUrl(given.url)
  for (const name of ['username', 'password', 'db'] as const) {
    if (url[name] !== undefined && given[name] !== undefined) {
      throw new TypeError(`${name} is given twice, in the url and as an option: keep one`)
    }
  }
  if (given.tls !== undefined && tls !== (settings.tls !== undefined)) {
    throw new TypeError(
      tls
        ? 'tls: false with a rediss:// url: use redis://'
        : 'tls with a redis:// url: use rediss:// to connect by TLS',
    )
  }
  return {
    ...settings,
    host: url.host,
    port: url.port,
    credentials: credentials(
      url.username ?? settings.credentials.username,
      url.password ?? settings.credentials.password,
    ),
    db: url.db ?? settings.db,
    tls: tls ? (settings.tls ?? {}) : undefined,
  }
}

interface TargetOption {
  readonly name: unknown
  readonly tls: unknown
  readonly nodes: readonly RedisAddress[]
  readonly addressMap: Readonly<Record<string, RedisAddress>> | undefined
}

function targetOption(target: string, value: unknown): TargetOption {
  if (typeof value !== 'object' || value === null) {
    throw new TypeError(
      `${target}: expected an object with nodes, got ${value === null ? 'null' : typeof value}`,
    )
  }
  const { name, tls, nodes, addressMap } = value as Partial<Record<keyof TargetOption, unknown>>
  if (!Array.isArray(nodes) || nodes.length === 0) {
    throw new TypeError(`${target}.nodes: expected at least one { host, port }`)
  }
  const mapped = Object.entries(addressMap ?? {}).map(
    ([from, to]) => [from, addressOption(`${target}.addressMap[${JSON.stringify(from)}]`, to)] as const,
  )
  return {
    name,
    tls,
    nodes: nodes.map((node, at) => addressOption(`${target}.nodes[${at}]`, node)),
    addressMap: mapped.length === 0 ? undefined : Object.fromEntries(mapped),
  }
}

function addressOption(where: string, value: unknown): RedisAddress {
  const { host, port } = (value ?? {}) as Partial<Record<'host' | 'port', unknown>>
  const sound = typeof port === 'number' && Number.isInteger(port) && port > 0 && port < 65_536
  if (typeof host !== 'string' || host === '' || !sound) {
    throw new TypeError(`${where}: expected { host: string, port: 1 to 65535 }`)
  }
  return { host, port }
}

function credentials(username: string | undefined, password: string | undefined): Credentials {
  return { ...(username === undefined ? {} : { username }), ...(password === undefined ? {} : { password }) }
}

// The value is not repeated: it may be a password.
function textOption(name: string, value: unknown): string | undefined {
  if (value === undefined || typeof value === 'string') return value
  throw new TypeError(`${name}: expected a string, got ${typeof value}`)
}

function countOption(name: string, value: unknown): number {
  if (value === undefined) return 0
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value
  throw new TypeError(`${name}: expected a whole number from 0, got ${show(value)}`)
}

function tlsOption(name: string, value: unknown): ConnectionOptions | undefined {
  if (value === undefined || value === false) return undefined
  if (value === true) return {}
  if (typeof value === 'object' && value !== null) return { ...value }
  throw new TypeError(`${name}: expected true or options of node:tls, got ${typeof value}`)
}
