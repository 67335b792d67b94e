import { readFile } from 'node:fs/promises'
import type { ConnectionOptions } from 'node:tls'
import type { ConnectOptions } from './connect-options.js'
import { type ParsedUrl, decode, parseHost } from './parse-url.js'

/** What both Redis drivers take. */
interface Connection {
  readonly keyPrefix?: string
  readonly connectTimeoutMs?: number
  readonly commandTimeoutMs?: number
  readonly poolSize?: number
  readonly db?: number
  readonly username?: string
  readonly password?: string
  readonly tls?: true | ConnectionOptions
}

interface Address {
  readonly host: string
  readonly port: number
}

export type RedisOptions =
  | (Connection & { readonly url: string })
  | (Connection & {
      readonly sentinel: { readonly name: string; readonly nodes: readonly Address[] }
      readonly sentinelUsername?: string
      readonly sentinelPassword?: string
    })
  | (Connection & { readonly cluster: { readonly nodes: readonly Address[] } })

/** The options of a Redis driver that a URL and settings amount to. */
export async function redisOptions(url: ParsedUrl, settings: ConnectOptions): Promise<RedisOptions> {
  const [protocol = '', topology] = url.scheme.split('+')
  const { sentinelUsername, sentinelPassword, username, password } = settings
  const common = given({
    keyPrefix: settings.keyPrefix,
    connectTimeoutMs: settings.connectTimeoutMs,
    commandTimeoutMs: settings.commandTimeoutMs,
    poolSize: settings.poolSize,
    db: settings.db,
    username,
    password,
    tls: await tlsOf(protocol === 'rediss', settings),
  }) as Connection
  if (topology !== 'sentinel') {
    if (sentinelUsername !== undefined || sentinelPassword !== undefined) {
      throw new TypeError('sentinelUsername and sentinelPassword belong to redis+sentinel://')
    }
  }
  if (topology === undefined) {
    const { userinfo, hosts = [''] } = url
    if (hosts.length > 1)
      throw new TypeError(
        `url: ${protocol}:// has one host; write ${protocol}+cluster:// or ${protocol}+sentinel://`,
      )
    return {
      ...common,
      url: `${protocol}://${userinfo === undefined ? '' : `${userinfo}@`}${hosts[0]}${url.path}`,
    }
  }
  const connection = { ...common, ...credentials(url.userinfo, settings) }
  const nodes = (url.hosts ?? ['']).map((host) => parseHost(host, topology === 'sentinel' ? 26_379 : 6379))
  const path = decode('the path', url.path.slice(1))
  if (topology === 'cluster') {
    if (path !== '') throw new TypeError(`url: ${url.scheme}:// has no path: a cluster has only database 0`)
    return { ...connection, cluster: { nodes } }
  }
  if (path === '' || path.includes('/')) {
    throw new TypeError(`url: expected ${url.scheme}://host:port,host:port/name-of-the-primary`)
  }
  return { ...connection, ...given({ sentinelUsername, sentinelPassword }), sentinel: { name: path, nodes } }
}

function credentials(
  userinfo: string | undefined,
  settings: ConnectOptions,
): { username?: string; password?: string } {
  if (userinfo === undefined) return {}
  const colon = userinfo.indexOf(':')
  const found = {
    username: decode('the user name', colon === -1 ? userinfo : userinfo.slice(0, colon)),
    password: colon === -1 ? '' : decode('the password', userinfo.slice(colon + 1)),
  }
  for (const name of ['username', 'password'] as const) {
    if (found[name] !== '' && settings[name] !== undefined) {
      throw new TypeError(`${name} is given twice, in the url and as an option: keep one`)
    }
  }
  return given({ username: found.username || undefined, password: found.password || undefined })
}

async function tlsOf(
  wanted: boolean,
  { tls, tlsCaFile }: ConnectOptions,
): Promise<true | ConnectionOptions | undefined> {
  if (!wanted) {
    if (tls === undefined && tlsCaFile === undefined) return undefined
    throw new TypeError(`${tls === undefined ? 'tlsCaFile' : 'tls'} needs a scheme that begins with rediss`)
  }
  if (tlsCaFile === undefined) return tls ?? true
  try {
    return { ...tls, ca: await readFile(tlsCaFile) }
  } catch (cause) {
    throw new TypeError(`tlsCaFile: cannot read ${JSON.stringify(tlsCaFile)}`, { cause })
  }
}

/** Without what is `undefined`. */
function given<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}
