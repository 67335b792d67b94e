import type {
  ConnectionPlan,
  ConnectionSettings,
  Credentials,
  Destination,
  LoginSource,
  Servers,
} from './connection-plan.js'
import { clusterOption, sentinelOption } from './named-servers.js'
import {
  clientNameOption,
  databaseOption,
  familyOption,
  msOption,
  passwordOption,
  poolSizeOption,
  textOption,
  tlsOption,
  withAuthority,
} from './option-values.js'
import type { RedisDriverOptions } from './options.js'
import { askLogin } from './password-source.js'
import { readRedisUrl } from './redis-url.js'

const TARGETS = ['url', 'sentinel', 'cluster', 'client'] as const
const COMMON = ['keyPrefix', 'connectTimeoutMs', 'commandTimeoutMs'] as const
const OF_OWN = ['poolSize', 'clientName'] as const
const OF_SERVERS = ['username', 'password', 'tls', 'tlsCaFile', 'db', 'family'] as const
const OF_SENTINELS = ['sentinelUsername', 'sentinelPassword'] as const
const KNOWN = [...TARGETS, 'duplicate', ...COMMON, ...OF_OWN, ...OF_SERVERS, ...OF_SENTINELS] as const

/** Every option of every target: what is left once contradictions are ruled out. */
type Given = { readonly [Name in (typeof KNOWN)[number]]?: unknown }

/** Reads the servers and the login from the settings of an existing client. */
export type ReadClient<Client> = (client: Client) => Destination

/**
 * Checks options and fills in their defaults. Throws a `TypeError` that says what was passed and what to do. `library` is the
 * name of the client package. `readClient` is needed for the option `duplicate`.
 */
export function planConnection<Client>(
  options: RedisDriverOptions<Client>,
  library?: string,
  readClient?: ReadClient<Client>,
): ConnectionPlan<Client> {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(
      `options: expected an object with one of ${TARGETS.join(', ')}, got ${typeof options}`,
    )
  }
  const given = withValues(options)
  const target = targetOf(given)
  if (given.duplicate !== undefined && typeof given.duplicate !== 'boolean') {
    throw new TypeError(`duplicate: expected true or false, got ${typeof given.duplicate}`)
  }
  if (target !== 'client' && given.duplicate !== undefined) {
    throw new TypeError('duplicate goes with client: it says what to do with one')
  }
  switch (target) {
    case 'client': {
      const onIt = 'set it on the client that you pass'
      refuse(given, [...OF_SERVERS, ...OF_SENTINELS], 'client', onIt)
      const client = options.client as Client
      if (given.duplicate === true && readClient !== undefined) {
        const { servers, ...read } = readClient(client)
        return planServers(servers, { ...withValues(read), ...given })
      }
      refuse(given, OF_OWN, 'client', `${onIt}, or pass duplicate: true`)
      return { ...commonOf(given), poolSize: 1, kind: 'given', client }
    }
    case 'url':
      return planUrl(given, library)
    case 'sentinel':
      return planServers(sentinelOption(given.sentinel), given)
    case 'cluster':
      return planServers(clusterOption(given.cluster), given)
  }
}

function withValues(options: object): Given {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
  const unknown = Object.keys(given).find((name) => !(KNOWN as readonly string[]).includes(name))
  if (unknown === undefined) return given
  throw new TypeError(`${unknown}: no such option. There are: ${KNOWN.join(', ')}`)
}

function targetOf(given: Given): (typeof TARGETS)[number] {
  const targets = TARGETS.filter((name) => given[name] !== undefined)
  const [target] = targets
  if (target !== undefined && targets.length === 1) return target
  const got = targets.length === 0 ? 'none' : targets.join(' and ')
  throw new TypeError(`Pass exactly one of ${TARGETS.join(', ')}; got ${got}`)
}

function planUrl(
  given: Given,
  library: string | undefined,
): Exclude<ConnectionPlan<never>, { kind: 'given' }> {
  const { servers, tls, options, client } = readRedisUrl(given.url)
  if (client !== undefined && library !== undefined && client !== library) {
    throw new TypeError(`url: client=${client} in it, and this is the driver of ${library}`)
  }
  const twice = Object.keys(options).find((name) => given[name as keyof Given] !== undefined)
  if (twice !== undefined) {
    throw new TypeError(`${twice} is given twice, in the url and as an option: keep one`)
  }
  if (given.tls !== undefined && tls !== (tlsOption('tls', given.tls) !== undefined)) {
    throw new TypeError(
      tls
        ? 'tls: false with a rediss:// url: use redis://'
        : 'tls with a redis:// url: use rediss:// to connect by TLS',
    )
  }
  return planServers(servers, { ...given, ...options, tls: tls ? (given.tls ?? true) : undefined })
}

function planServers(
  servers: Servers,
  given: Given,
): Exclude<ConnectionPlan<never>, { readonly kind: 'given' }> {
  const common = { ...commonOf(given), poolSize: poolSizeOption(given.poolSize) }
  if (servers.kind !== 'sentinel') {
    refuse(given, OF_SENTINELS, servers.kind, 'it belongs to { sentinel }, or redis+sentinel://')
  }
  const settings: ConnectionSettings = {
    credentials: credentialsOf(given, 'username', 'password', common.connectTimeoutMs),
    tls: withAuthority(tlsOption('tls', given.tls), given.tlsCaFile),
    db: databaseOption(given.db),
    family: familyOption(given.family),
    clientName: clientNameOption(given.clientName) ?? 'cairn',
    commandTimeoutMs: common.commandTimeoutMs,
    connectTimeoutMs: common.connectTimeoutMs,
    attemptTimeoutMs: Math.ceil(common.connectTimeoutMs / (servers.kind === 'standalone' ? 1 : 4)),
  }
  switch (servers.kind) {
    case 'standalone':
      return { ...common, kind: 'standalone', settings: { ...settings, ...servers.address } }
    case 'sentinel': {
      const { name, addressMap, tls } = servers
      const sentinelCredentials = credentialsOf(
        given,
        'sentinelUsername',
        'sentinelPassword',
        common.connectTimeoutMs,
      )
      const sentinelTls = tls === undefined ? settings.tls : tlsOption('sentinel.tls', tls)
      const sentinel = { name, nodes: servers.nodes, addressMap, sentinelCredentials, sentinelTls }
      return { ...common, kind: 'sentinel', settings: { ...settings, ...sentinel } }
    }
    case 'cluster': {
      if (settings.db !== 0) {
        throw new TypeError(`db: ${settings.db} with cluster: a cluster has only database 0, so leave db out`)
      }
      const { addressMap } = servers
      return { ...common, kind: 'cluster', settings: { ...settings, nodes: servers.nodes, addressMap } }
    }
  }
}

function commonOf(given: Given): { keyPrefix: string; connectTimeoutMs: number; commandTimeoutMs: number } {
  return {
    keyPrefix: textOption('keyPrefix', given.keyPrefix) ?? 'cairn',
    connectTimeoutMs: msOption('connectTimeoutMs', given.connectTimeoutMs, 5000),
    commandTimeoutMs: msOption('commandTimeoutMs', given.commandTimeoutMs, 5000),
  }
}

function refuse(given: Given, names: readonly (keyof Given)[], target: string, advice: string): void {
  const name = names.find((candidate) => given[candidate] !== undefined)
  if (name !== undefined) throw new TypeError(`${name} cannot go with ${target}: ${advice}`)
}

function credentialsOf(
  given: Given,
  usernameOption: 'username' | 'sentinelUsername',
  passwordName: 'password' | 'sentinelPassword',
  connectTimeoutMs: number,
): Credentials {
  const username = textOption(usernameOption, given[usernameOption])
  const password = passwordOption(passwordName, given[passwordName])
  return {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password: asked(passwordName, password, connectTimeoutMs) }),
  }
}

function asked(
  name: string,
  password: string | LoginSource,
  timeoutMs: number,
): NonNullable<Credentials['password']> {
  return typeof password === 'string' ? password : askLogin(name, password, timeoutMs)
}
