import { type StorageDriver, StorageError } from '@cairnkit/core'
import type { ConnectOptions } from './connect-options.js'
import { type DriverPackage, loadFirst } from './load.js'
import { type ParsedUrl, decode, parseUrl } from './parse-url.js'
import { type RedisOptions, redisOptions } from './redis-options.js'
import { mergeSettings } from './settings.js'

export type { ConnectOptions, RedisClientName } from './connect-options.js'

type RedisFactory = (options: RedisOptions) => StorageDriver

const redisDrivers: Readonly<Record<'ioredis' | 'node-redis', DriverPackage<RedisFactory>>> = {
  ioredis: {
    name: '@cairnkit/ioredis',
    peer: 'ioredis',
    load: async () => (await import('@cairnkit/ioredis')).createIoredisDriver,
  },
  'node-redis': {
    name: '@cairnkit/node-redis',
    peer: 'redis',
    load: async () => (await import('@cairnkit/node-redis')).createNodeRedisDriver,
  },
}

type Scheme = (url: ParsedUrl, settings: ConnectOptions) => Promise<StorageDriver>

const redis: Scheme = async (url, settings) => {
  const options = await redisOptions(url, settings)
  const candidates =
    settings.client === undefined ? Object.values(redisDrivers) : [redisDrivers[settings.client]]
  return (await loadFirst(`${url.scheme}://`, candidates))(options)
}

const lmdb: Scheme = async (url) => {
  const path = lmdbPath(url)
  const load = async (): Promise<typeof import('@cairnkit/lmdb')> => await import('@cairnkit/lmdb')
  const { createLmdbDriver } = await loadFirst('lmdb:', [{ name: '@cairnkit/lmdb', load }])
  return createLmdbDriver({ path })
}

const memory: Scheme = async (url) => {
  if (url.path !== '' || (url.hosts ?? []).join() !== '') {
    throw new TypeError('url: memory: has nothing after its colon')
  }
  const load = async (): Promise<typeof import('@cairnkit/memory')> => await import('@cairnkit/memory')
  const { createMemoryDriver } = await loadFirst('memory:', [{ name: '@cairnkit/memory', load }])
  return createMemoryDriver()
}

const schemes: ReadonlyMap<string, Scheme> = new Map([
  ['memory', memory],
  ['lmdb', lmdb],
  ...['redis', 'redis+sentinel', 'redis+cluster'].flatMap((scheme): [string, Scheme][] => [
    [scheme, redis],
    [scheme.replace('redis', 'rediss'), redis],
  ]),
])

/**
 * Opens the storage that a URL names: `memory:`, `lmdb:///folder`, `redis://`, `redis+sentinel://host,host/primary`,
 * `redis+cluster://host,host`, and with `rediss` for TLS. Loads the driver's package when it is needed. Whoever
 * connects closes: `await using driver = await connect(url)`.
 *
 * Rejects with a `StorageError` if the storage cannot be opened, with a `TypeError` for a wrong URL, and with an
 * `Error` that says what to install if the driver is not.
 */
export async function connect(url: string, options: ConnectOptions = {}): Promise<StorageDriver> {
  if (typeof url !== 'string') throw new TypeError(`url: expected a string, got ${typeof url}`)
  const parsed = parseUrl(url)
  const scheme = schemes.get(parsed.scheme)
  if (scheme === undefined) {
    // Without slashes it may be the user name of an URL that lacks its scheme.
    const what =
      parsed.hosts === undefined ? 'it begins with no scheme' : `no scheme is named ${parsed.scheme}`
    throw new TypeError(
      `url: ${what}. There are: ${[...schemes.keys()].map((name) => `${name}:`).join(', ')}`,
    )
  }
  const settings = mergeSettings(parsed.query, options)
  const driver = await scheme(parsed, settings)
  try {
    await driver.open(settings.signal === undefined ? {} : { signal: settings.signal })
    return driver
  } catch (cause) {
    // That the storage cannot be opened is what the caller has to hear; a failure to close says nothing more.
    await driver.close().catch(() => undefined)
    throw failure(driver, cause)
  }
}

function failure(driver: StorageDriver, cause: unknown): StorageError {
  if (StorageError.isInstance(cause)) return cause
  const reason = cause instanceof Error && cause.message !== '' ? cause.message : 'no reason was given'
  return new StorageError({
    ...driver.classify(cause),
    driver: driver.name,
    operation: 'open',
    reason,
    cause,
  })
}

/** `lmdb:///folder` is absolute, `lmdb:folder` and `lmdb:./folder` are relative. */
function lmdbPath({ hosts, path, userinfo }: ParsedUrl): string {
  const decoded = decode('the path', path)
  if (decoded === '' || userinfo !== undefined || (hosts !== undefined && hosts.join() !== '')) {
    throw new TypeError('url: expected lmdb:///absolute/folder or lmdb:./relative/folder')
  }
  // lmdb:///C:/folder
  return /^\/[a-z]:/i.test(decoded) ? decoded.slice(1) : decoded
}
