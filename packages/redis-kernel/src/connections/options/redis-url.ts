import { type StorageUrl, parseHost, parseStorageUrl, readUrlSettings } from '@cairnkit/core/driver'
import type { Destination, Servers } from './connection-plan.js'
import type { RedisAddress } from './options.js'

/** The servers and the options that a URL names. Numbers are parsed. */
export interface RedisUrl {
  readonly servers: Servers
  readonly tls: boolean
  readonly options: Readonly<Record<string, string | number>>
  /** The client that `connect` must choose. */
  readonly client: string | undefined
}

type Topology = 'single' | 'sentinel' | 'cluster' | 'unix'

/** The schemes of URLs that name servers. */
export const redisSchemes: readonly string[] = Object.freeze([
  ...['redis', 'rediss', 'valkey', 'valkeys'].flatMap((name) => [
    ...[name, `${name}+sentinel`, `${name}+cluster`, `${name}+unix`],
  ]),
  'unix',
])

const SCHEME = /^(?:(?:redis|valkey)(s)?(?:\+(sentinel|cluster|unix))?|unix)$/

/** Reads the servers and the login from the URL of an existing client. Throws a `TypeError` for an invalid URL. */
export function destinationOfUrl(url: string): Destination {
  const { servers, tls, options } = readRedisUrl(url)
  const { username, password, db } = options
  return {
    servers,
    username: typeof username === 'string' ? username : undefined,
    password: typeof password === 'string' ? password : undefined,
    tls: tls || undefined,
    db: typeof db === 'number' ? db : undefined,
    clientName: undefined,
  }
}

/** Parses a URL. Throws a `TypeError` that says what is expected and repeats nothing that may be secret. */
export function readRedisUrl(text: unknown): RedisUrl {
  const url = parseStorageUrl(text)
  const matched = SCHEME.exec(url.scheme)
  if (matched === null) {
    throw new TypeError(
      `url: no server is named by ${url.scheme}:. There are redis://host, redis+sentinel://host,host/name, redis+cluster://host,host and unix:///path; with rediss for TLS, and valkey for redis`,
    )
  }
  const tls = matched[1] !== undefined
  const { client, ...settings } = readUrlSettings(url)
  const topology = (matched[0] === 'unix' ? 'unix' : (matched[2] ?? 'single')) as Topology
  const { servers, db } = readServers(url, topology, tls)
  if (db !== undefined && settings['db'] !== undefined) throw new TypeError('url: db is given twice')
  const options = { ...settings, ...url.credentials, ...(db === undefined ? {} : { db }) }
  return { servers, tls, options, client: client === undefined ? undefined : String(client) }
}

function readServers(
  { scheme, hosts = [''], path }: StorageUrl,
  topology: Topology,
  tls: boolean,
): { servers: Servers; db?: number } {
  const addressMap = undefined
  const name = path.slice(1)
  switch (topology) {
    case 'sentinel': {
      const nodes = parseHosts(hosts, 26_379)
      if (name === '' || name.includes('/')) {
        throw new TypeError(`url: expected ${scheme}://host:port,host:port/name-of-the-primary`)
      }
      return { servers: { kind: 'sentinel', name, nodes, addressMap, tls: undefined } }
    }
    case 'cluster':
      if (name !== '') throw new TypeError(`url: ${scheme}:// has no path: a cluster has only database 0`)
      return { servers: { kind: 'cluster', nodes: parseHosts(hosts, 6379), addressMap } }
    case 'unix':
      if (tls || hosts.join() !== '' || name === '') {
        throw new TypeError('url: expected unix:///path/of/the/socket, without TLS; the database is ?db=1')
      }
      return { servers: { kind: 'standalone', address: { path } } }
    case 'single': {
      const [host = '', ...others] = hosts
      if (others.length > 0) {
        throw new TypeError(
          `url: ${scheme}:// has one host; write ${scheme}+cluster:// or ${scheme}+sentinel://`,
        )
      }
      if (!/^\d{0,15}$/.test(name)) throw new TypeError('url: the path is the number of a database')
      const servers = { kind: 'standalone', address: parseHost(host, 6379) } as const
      return name === '' ? { servers } : { servers, db: Number(name) }
    }
  }
}

function parseHosts(hosts: readonly string[], defaultPort: number): RedisAddress[] {
  if (hosts.length > 1 && hosts.includes('')) throw new TypeError('url: one of the hosts has no name')
  return hosts.map((host) => parseHost(host, defaultPort))
}
