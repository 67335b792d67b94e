/** A package that holds a driver, and how `connect` gets at it. */
export interface DriverPackage {
  /** The name of the driver. */
  readonly name: string
  readonly package: string
  /** The name under which the package exports the factory of its driver. */
  readonly factory: string
  /** Client libraries, of which the package needs one. */
  readonly clients: readonly string[]
  /** Which URLs it opens. */
  readonly schemes: RegExp
}

const redis = /^(?:(?:redis|valkey)s?(?:\+(?:sentinel|cluster|unix))?|unix)$/

/** The packages of Cairn. Where two open the same URLs, the first that is installed is used. */
export const driverPackages: readonly DriverPackage[] = [
  {
    name: 'memory',
    package: '@cairnkit/memory',
    factory: 'createMemoryDriver',
    clients: [],
    schemes: /^memory$/,
  },
  {
    name: 'lmdb',
    package: '@cairnkit/lmdb',
    factory: 'createLmdbDriver',
    clients: [],
    schemes: /^lmdb$/,
  },
  {
    name: 'ioredis',
    package: '@cairnkit/ioredis',
    factory: 'createIoredisDriver',
    clients: ['ioredis'],
    schemes: redis,
  },
  {
    name: 'node-redis',
    package: '@cairnkit/node-redis',
    factory: 'createNodeRedisDriver',
    clients: ['redis'],
    schemes: redis,
  },
]
