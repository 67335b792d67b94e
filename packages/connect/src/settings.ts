import { type StorageUrl, assertKnownOptions, show } from '@cairnkit/core/driver'
import type { ConnectOptions, RedisClientName } from './connect-options.js'

/** The client libraries that `connect` can be told to use. */
export const clientNames: readonly RedisClientName[] = ['ioredis', 'node-redis']

const known: readonly (keyof ConnectOptions)[] = [
  ...(['client', 'keyPrefix', 'clientName', 'tlsCaFile', 'sentinelUsername', 'sentinelPassword'] as const),
  ...(['poolSize', 'connectTimeoutMs', 'commandTimeoutMs', 'db', 'family'] as const),
  ...(['username', 'password', 'tls', 'drivers', 'signal'] as const),
]

/** The options without those that have no value. Throws a `TypeError` for a name that does not exist. */
export function givenOptions(options: ConnectOptions): ConnectOptions {
  assertKnownOptions('connect', options, known)
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}

/** The client that the URL or an option names. */
export function clientOf({ query }: StorageUrl, option: ConnectOptions['client']): ConnectOptions['client'] {
  const inUrl = query.get('client')
  if (inUrl !== undefined && option !== undefined) {
    throw new TypeError('client is given twice, in the url and as an option: keep one')
  }
  const named: unknown = inUrl ?? option
  const client = clientNames.find((name) => name === named)
  if (client !== undefined || named === undefined) return client
  throw new TypeError(`client: expected ${clientNames.join(' or ')}, got ${show(named)}`)
}
