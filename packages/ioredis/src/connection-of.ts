import type { ConnectionOptions } from 'node:tls'
import {
  type AddressFamily,
  type AddressMap,
  type Destination,
  type RedisAddress,
  type Servers,
  assertLibrary,
  destinationOfUrl,
} from '@cairnkit/redis-kernel/connections'
import type { IoredisClient } from './options.js'

/** What a client of ioredis keeps of its settings, of itself or of the nodes of a cluster. */
interface Settings {
  readonly host?: string
  readonly port?: number | string
  readonly path?: string | null
  readonly family?: AddressFamily | null
  readonly username?: string | null
  readonly password?: string | null
  readonly db?: number | null
  readonly connectionName?: string | null
  readonly tls?: boolean | ConnectionOptions | null
  readonly sentinels?: readonly Partial<RedisAddress>[] | null
  readonly name?: string | null
  readonly sentinelUsername?: string | null
  readonly sentinelPassword?: string | null
  readonly sentinelTLS?: ConnectionOptions | null
  readonly enableTLSForSentinelMode?: boolean
  readonly natMap?: unknown
  readonly redisOptions?: Settings
}

/** One of those that a cluster was made with: a port, a URL, or settings. */
type StartupNode = number | string | Settings

/** Where a client that the caller made leads. */
export function connectionOf(client: IoredisClient): Destination {
  assertLibrary(client, 'ioredis')
  const options: Settings = client.options
  if (client.isCluster) return ofCluster(client, options)
  const { sentinels, path } = options
  if (!Array.isArray(sentinels) || sentinels.length === 0) {
    const address = typeof path === 'string' ? { path } : addressOf(options, 6379)
    return { ...common(options), servers: { kind: 'standalone', address } }
  }
  const servers: Servers = {
    kind: 'sentinel',
    name: options.name ?? '',
    nodes: sentinels.map((node) => addressOf(node, 26_379)),
    addressMap: natMapOf(options),
    tls: options.sentinelTLS ?? false,
  }
  return {
    ...common(options),
    servers,
    // Without this setting, ioredis speaks to the primary without TLS.
    tls: options.enableTLSForSentinelMode === true ? (options.tls ?? undefined) : undefined,
    sentinelUsername: options.sentinelUsername ?? undefined,
    sentinelPassword: options.sentinelPassword ?? undefined,
  }
}

function ofCluster(client: object, options: Settings): Destination {
  const { startupNodes } = client as { readonly startupNodes?: readonly StartupNode[] }
  if (!Array.isArray(startupNodes) || startupNodes.length === 0) {
    throw new TypeError('client: the nodes of this cluster cannot be read: pass { cluster: { nodes } }')
  }
  const nodes = (startupNodes as readonly StartupNode[]).map(settingsOf)
  const [first = {}] = nodes
  // A node has the settings of all nodes where it has none of its own, as ioredis sees it.
  const settings = { ...given(options.redisOptions ?? {}), ...given(first) }
  return {
    ...common(settings),
    db: undefined,
    servers: {
      kind: 'cluster',
      nodes: nodes.map((node) => addressOf(node, 6379)),
      addressMap: natMapOf(options),
    },
  }
}

function settingsOf(node: StartupNode): Settings {
  if (typeof node === 'number') return { port: node }
  if (typeof node !== 'string') return node
  const { servers, username, password, tls } = destinationOfUrl(/:\/\//.test(node) ? node : `redis://${node}`)
  const address = servers.kind === 'standalone' ? servers.address : {}
  return {
    ...address,
    username: username ?? null,
    password: typeof password === 'string' ? password : null,
    ...(tls === undefined ? {} : { tls }),
  }
}

function common(options: Settings): Omit<Destination, 'servers'> {
  return {
    username: text(options.username),
    password: text(options.password),
    tls: options.tls ?? undefined,
    db: options.db ?? undefined,
    family: options.family ?? undefined,
    clientName: text(options.connectionName),
  }
}

function text(value: string | null | undefined): string | undefined {
  return value === null || value === '' ? undefined : value
}

function given(settings: Settings): Settings {
  return Object.fromEntries(
    Object.entries(settings).filter(([, value]) => value !== undefined && value !== null),
  )
}

function addressOf({ host, port }: Settings, defaultPort: number): RedisAddress {
  return { host: host ?? '127.0.0.1', port: Number(port ?? defaultPort) }
}

function natMapOf({ natMap }: Settings): AddressMap | undefined {
  if (natMap === undefined || natMap === null) return undefined
  if (typeof natMap === 'object') return natMap as AddressMap
  throw new TypeError('client: its natMap is a function: pass { sentinel } or { cluster } with an addressMap')
}
