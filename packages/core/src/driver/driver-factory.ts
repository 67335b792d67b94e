import type { StorageDriver } from './storage-driver.js'
import type { UrlSettings } from './url-settings.js'

/** The factory of a driver: a function that creates one, and what `connect` has to know to create one for a URL. */
export interface DriverFactory<Options extends unknown[]> extends OpensUrls {
  (...options: Options): StorageDriver
}

/** What `connect(url, { drivers: [...] })` takes: the factory of a driver. */
export interface OpensUrls {
  readonly fromUrl: FromUrl
}

/** How a package of a driver serves `connect(url)`. */
export interface FromUrl {
  /** The name that the option `client` chooses, where several drivers open the same schemes. */
  readonly name: string
  /** The schemes of the URLs that it opens, in lower case and without the colon. */
  readonly schemes: readonly string[]
  /**
   * Creates a driver without opening it. The settings are those beside the URL. What stands in the URL is for the driver to read,
   * with {@link parseStorageUrl} and {@link readUrlSettings}. Throws a `TypeError` for a URL or a setting that is not valid. Its message must repeat
   * nothing of the part before the `@`, and no setting that may be secret.
   */
  readonly create: (url: string, settings: UrlSettings) => StorageDriver
}

/** Makes a factory of a function that creates drivers. */
export function driverFactory<Options extends unknown[]>(
  create: (...options: Options) => StorageDriver,
  fromUrl: FromUrl,
): DriverFactory<Options> {
  return Object.assign(create, {
    fromUrl: Object.freeze({ ...fromUrl, schemes: Object.freeze([...fromUrl.schemes]) }),
  })
}
