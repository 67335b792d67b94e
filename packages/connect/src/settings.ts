import { type StorageUrl, assertKnownOptions, show } from '@cairnkit/core/driver'
import type { ConnectOptions } from './connect-options.js'

const inQuery: readonly (keyof ConnectOptions)[] = [
  ...(['client', 'keyPrefix', 'clientName', 'tlsCaFile', 'sentinelUsername', 'sentinelPassword'] as const),
  ...(['poolSize', 'connectTimeoutMs', 'commandTimeoutMs', 'db', 'family'] as const),
]
const onlyOptions: readonly (keyof ConnectOptions)[] = ['username', 'password', 'tls', 'signal']

/** The options without those that have no value. Throws a `TypeError` for a name that does not exist. */
export function givenOptions(options: ConnectOptions): ConnectOptions {
  assertKnownOptions('connect', options, [...inQuery, ...onlyOptions])
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}

/** Throws a `TypeError` for a parameter that does not exist, where there is no server that would be told. */
export function assertQuery({ query }: StorageUrl, options: ConnectOptions): void {
  for (const name of query.keys()) {
    if (!(inQuery as readonly string[]).includes(name)) {
      throw new TypeError(`url: no parameter is named ${show(name)}. There are: ${inQuery.join(', ')}`)
    }
    if (name in options) throw new TypeError(`${name} is given twice, in the url and as an option: keep one`)
  }
}

/** The client that the URL or an option names. */
export function clientOf({ query }: StorageUrl, options: ConnectOptions): ConnectOptions['client'] {
  const named = query.get('client')
  if (named !== undefined && options.client !== undefined) {
    throw new TypeError('client is given twice, in the url and as an option: keep one')
  }
  const client = named ?? options.client
  if (client === undefined || client === 'ioredis' || client === 'node-redis') return client
  throw new TypeError(`client: expected ioredis or node-redis, got ${show(client)}`)
}
