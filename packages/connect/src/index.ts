import { type StorageDriver, StorageError } from '@cairnkit/core'
import { parseStorageUrl } from '@cairnkit/core/driver'
import { chooseDriver } from './choose-driver.js'
import type { ConnectOptions } from './connect-options.js'
import { clientOf, givenOptions } from './settings.js'

export type { ConnectOptions, RedisClientName } from './connect-options.js'

/**
 * Opens the storage that a URL names: `memory:`, `lmdb:///folder`, `redis://`, `redis+sentinel://host,host/primary`,
 * `redis+cluster://host,host`, `unix:///path`. `rediss` is TLS, and `valkey` may replace `redis`. It loads the package of the
 * driver, unless the option `drivers` names the drivers to choose from. It resolves to an open driver, which the caller closes.
 *
 * Rejects with a `StorageError` if the storage cannot be opened, with a `TypeError` for an invalid URL or option, and with an
 * `Error` that says what to install if no driver for the URL is installed.
 */
export async function connect(url: string, options: ConnectOptions = {}): Promise<StorageDriver> {
  const parsed = parseStorageUrl(url)
  const { client, drivers, signal, ...settings } = givenOptions(options)
  const opener = await chooseDriver(parsed, clientOf(parsed, client), drivers)
  const driver = opener.create(url, settings)
  try {
    await driver.open(signal === undefined ? {} : { signal })
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
