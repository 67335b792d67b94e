import type { ConnectionOptions } from 'node:tls'
import {
  type AddressFamily,
  type AddressMap,
  type Destination,
  type LoginSource,
  type RedisAddress,
  assertLibrary,
  destinationOfUrl,
} from '@cairnkit/redis-kernel/connections'
import type { NodeRedisClient } from './options.js'
import { optionsOf } from './hidden-options.js'

interface Socket extends ConnectionOptions {
  readonly family?: AddressFamily
  readonly tls?: boolean
}

/** What a client of node-redis keeps of its settings, of itself or of the nodes of a cluster. */
interface Settings {
  readonly url?: string
  readonly socket?: Socket
  readonly username?: string
  readonly password?: string
  readonly credentialsProvider?: {
    readonly type: string
    credentials?(): Promise<{ readonly username?: string; readonly password?: string }>
  }
  readonly database?: number
  readonly name?: string
}

interface SentinelSettings {
  readonly name: string
  readonly sentinelRootNodes: readonly RedisAddress[]
  readonly nodeClientOptions?: Settings
  readonly sentinelClientOptions?: Settings
  readonly nodeAddressMap?: unknown
}

interface ClusterSettings {
  readonly rootNodes: readonly Settings[]
  readonly defaults?: Settings
  readonly nodeAddressMap?: unknown
}

/** Where a client that the caller made leads. */
export function connectionOf(client: NodeRedisClient): Destination {
  assertLibrary(client, 'node-redis')
  const options = optionsOf(client)
  if (options === undefined) {
    throw new TypeError(
      `client: ${'totalClients' in client ? 'a pool' : 'a Sentinel of node-redis 5'} keeps its settings to itself, so that it cannot be duplicated: pass { url }, { sentinel } or { cluster }`,
    )
  }
  if ('nodeClient' in client) return ofCluster(options as ClusterSettings)
  if ('acquire' in client) return ofSentinel(options as SentinelSettings)
  const settings: Settings = options
  return { ...common(settings), servers: { kind: 'standalone', address: addressOf(settings) } }
}

function ofSentinel(options: SentinelSettings): Destination {
  const { nodeClientOptions = {}, sentinelClientOptions = {} } = options
  const { username, password, tls = false } = common(sentinelClientOptions)
  return {
    ...common(nodeClientOptions),
    sentinelUsername: username,
    sentinelPassword: password,
    servers: {
      kind: 'sentinel',
      name: options.name,
      nodes: options.sentinelRootNodes.map(({ host, port }) => ({ host, port })),
      addressMap: addressMapOf(options.nodeAddressMap),
      tls,
    },
  }
}

function ofCluster({ rootNodes, defaults = {}, nodeAddressMap }: ClusterSettings): Destination {
  const nodes = rootNodes.map((node) => addressOf(node))
  if (nodes.length === 0 || nodes.some((node) => 'path' in node)) {
    throw new TypeError('client: the nodes of this cluster cannot be read: pass { cluster: { nodes } }')
  }
  return {
    ...common(defaults),
    db: undefined,
    servers: {
      kind: 'cluster',
      nodes: nodes as RedisAddress[],
      addressMap: addressMapOf(nodeAddressMap),
    },
  }
}

function common(settings: Settings): Omit<Destination, 'servers'> {
  const { url, socket = {}, database, name, credentialsProvider } = settings
  const ofUrl = url === undefined ? undefined : destinationOfUrl(url)
  const { tls: isSecure = ofUrl?.tls !== undefined, family, ...rest } = socket
  const { password = ofUrl?.password, username = ofUrl?.username } = settings
  return {
    username,
    password: password ?? loginOf(credentialsProvider),
    tls: isSecure ? tlsOf(rest) : undefined,
    db: database ?? ofUrl?.db,
    family,
    clientName: name,
  }
}

/** With a provider of the caller, the user comes with each password. */
function loginOf(provider: Settings['credentialsProvider']): LoginSource | undefined {
  if (provider === undefined) return undefined
  const credentials = provider.credentials?.bind(provider)
  if (provider.type !== 'async-credentials-provider' || credentials === undefined) {
    throw new TypeError(
      `client: its credentialsProvider cannot be shared (${provider.type}): pass { url, password } with a function`,
    )
  }
  return async () => {
    const { username, password = '' } = await credentials()
    return { username, password }
  }
}

/** What `node:tls` is told, and not what the socket of the client is told besides. */
function tlsOf(socket: Socket): ConnectionOptions {
  const { host: _host, port: _port, path: _path, timeout: _timeout, ...tls } = socket
  for (const name of ['connectTimeout', 'socketTimeout', 'reconnectStrategy', 'keepAlive', 'noDelay'])
    delete (tls as Record<string, unknown>)[name]
  return tls
}

function addressOf({ url, socket = {} }: Settings): RedisAddress | { readonly path: string } {
  const { host, port, path } = socket
  if (typeof path === 'string') return { path }
  const ofUrl = url === undefined ? undefined : destinationOfUrl(url).servers
  const { host: urlHost = 'localhost', port: urlPort = 6379 } =
    ofUrl?.kind === 'standalone' && 'host' in ofUrl.address ? ofUrl.address : {}
  return { host: host ?? urlHost, port: port ?? urlPort }
}

function addressMapOf(map: unknown): AddressMap | undefined {
  if (map === undefined || (typeof map === 'object' && map !== null)) return map as AddressMap | undefined
  throw new TypeError(
    'client: its nodeAddressMap is a function: pass { sentinel } or { cluster } with an addressMap',
  )
}
