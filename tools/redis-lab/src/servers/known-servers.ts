/** A server that is known by name, whatever programs this machine has. */
export type KnownServer = PackagedServer | EarlierServer

/** Fetched by `npm run lab:servers`: the packages of a suite of Debian, unpacked beside the system. */
export interface PackagedServer {
  readonly from: 'debian'
  readonly product: 'redis' | 'valkey'
  readonly major: number
  /** Tried in this order: a suite that goes on may have left this major behind. */
  readonly suites: readonly string[]
}

/** The server of this machine without what an earlier one does not know; see `earlier-server.ts`. */
export interface EarlierServer {
  readonly from: 'installed'
}

export type KnownServerName = 'redis-8' | 'valkey-8' | 'valkey-9' | 'redis-as-6.2'

export const KNOWN_SERVERS: Readonly<Record<KnownServerName, KnownServer>> = {
  'redis-8': { from: 'debian', product: 'redis', major: 8, suites: ['trixie', 'forky', 'sid'] },
  'valkey-8': { from: 'debian', product: 'valkey', major: 8, suites: ['trixie'] },
  'valkey-9': { from: 'debian', product: 'valkey', major: 9, suites: ['forky', 'sid'] },
  'redis-as-6.2': { from: 'installed' },
}

export const KNOWN_SERVER_NAMES: readonly KnownServerName[] = Object.keys(KNOWN_SERVERS) as KnownServerName[]

export function isKnownServer(name: string): name is KnownServerName {
  return Object.hasOwn(KNOWN_SERVERS, name)
}
