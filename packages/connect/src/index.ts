import { type StorageDriver, StorageError } from '@cairnkit/core'
import { type StorageUrl, parseStorageUrl } from '@cairnkit/core/driver'
import type { ConnectOptions } from './connect-options.js'
import { type DriverPackage, loadFirst } from './load.js'
import { assertQuery, clientOf, givenOptions } from './settings.js'

export type { ConnectOptions, RedisClientName } from './connect-options.js'

type RedisSettings = Omit<ConnectOptions, 'client' | 'signal'> & { readonly url: string }

type RedisFactory = (options: RedisSettings) => StorageDriver

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

type Scheme = (parsed: StorageUrl, url: string, options: ConnectOptions) => Promise<StorageDriver>

/** What the URL says is for the driver to read. */
const redis: Scheme = async (parsed, url, options) => {
  const named = clientOf(parsed, options)
  const candidates = named === undefined ? Object.values(redisDrivers) : [redisDrivers[named]]
  const create = await loadFirst(`${parsed.scheme}://`, candidates)
  const { client: _client, signal: _signal, ...settings } = options
  return create({ ...settings, url })
}

const lmdb: Scheme = async (parsed, _url, options) => {
  assertQuery(parsed, options)
  const path = lmdbPath(parsed)
  const load = async (): Promise<typeof import('@cairnkit/lmdb')> => await import('@cairnkit/lmdb')
  const { createLmdbDriver } = await loadFirst('lmdb:', [{ name: '@cairnkit/lmdb', load }])
  return createLmdbDriver({ path })
}

const memory: Scheme = async (parsed, _url, options) => {
  assertQuery(parsed, options)
  if (parsed.path !== '' || (parsed.hosts ?? []).join() !== '') {
    throw new TypeError('url: memory: has nothing after its colon')
  }
  const load = async (): Promise<typeof import('@cairnkit/memory')> => await import('@cairnkit/memory')
  const { createMemoryDriver } = await loadFirst('memory:', [{ name: '@cairnkit/memory', load }])
  return createMemoryDriver()
}

const ofRedis = ['redis', 'rediss', 'valkey', 'valkeys'].flatMap((name) => [
  ...[name, `${name}+sentinel`, `${name}+cluster`, `${name}+unix`],
])

const schemes: ReadonlyMap<string, Scheme> = new Map([
  ['memory', memory],
  ['lmdb', lmdb],
  ...['unix', ...ofRedis].map((name): [string, Scheme] => [name, redis]),
])

/**
 * Opens the storage that a URL names: `memory:`, `lmdb:///folder`, `redis://`, `redis+sentinel://host,host/primary`,
 * `redis+cluster://host,host`, `unix:///path`. `rediss` is TLS, and `valkey` may replace `redis`. It loads the package of the
 * driver and resolves to an open driver, which the caller closes: `await using driver = await connect(url)`.
 *
 * Rejects with a `StorageError` if the storage cannot be opened, with a `TypeError` for an invalid URL or option, and with an
 * `Error` that says what to install if no driver for the URL is installed.
 */
export async function connect(url: string, options: ConnectOptions = {}): Promise<StorageDriver> {
  const parsed = parseStorageUrl(url)
  const scheme = schemes.get(parsed.scheme)
  if (scheme === undefined) {
    // Without slashes it may be the user name, or the host, of an URL that lacks its scheme.
    const what =
      parsed.hosts === undefined
        ? 'it begins with no scheme: for a server, write redis:// in front'
        : `no scheme is named ${parsed.scheme}`
    const some = ['memory', 'lmdb', 'redis', 'rediss', 'redis+sentinel', 'redis+cluster', 'valkey', 'unix']
    throw new TypeError(`url: ${what}. There are: ${some.map((name) => `${name}:`).join(', ')}`)
  }
  const settings = givenOptions(options)
  const driver = await scheme(parsed, url, settings)
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
function lmdbPath({ hosts, path, credentials }: StorageUrl): string {
  if (path === '' || credentials !== undefined || (hosts !== undefined && hosts.join() !== '')) {
    throw new TypeError('url: expected lmdb:///absolute/folder or lmdb:./relative/folder')
  }
  // lmdb:///C:/folder
  return /^\/[a-z]:/i.test(path) ? path.slice(1) : path
}
