import type { Cell, CellStorage } from './cells.js'

/** Suites that a cell does not run in `npm test`, because others speak for it. */
interface LeftOut {
  readonly suites: readonly string[]
  readonly where: (storage: CellStorage) => boolean
  /** Of these cells, those in which `npm test -- --rest` runs them; `--all` runs them in each. @default each */
  readonly rest?: (storage: CellStorage) => boolean
  /** Which cells speak for it, and why what they show holds here. */
  readonly because: string
}

const isTls = (storage: CellStorage): boolean =>
  storage.kind === 'redis' && storage.topology === 'standalone-tls'

const isSentinel = (storage: CellStorage): boolean =>
  storage.kind === 'redis' && storage.topology === 'sentinel'

const isOlder = (storage: CellStorage): boolean => storage.kind === 'redis' && storage.major === 'older'

const isRedis = ({ kind }: CellStorage): boolean => kind === 'redis'

const isLmdb = ({ kind }: CellStorage): boolean => kind === 'lmdb'

/** A cell of Redis that is one of these, written as in the matrix. */
const isOneOf =
  (...cells: readonly string[]) =>
  (storage: CellStorage): boolean =>
    storage.kind === 'redis' && cells.includes(`${storage.client} | ${storage.topology}`)

/** A cell of Redis that is none of these. */
const notIn =
  (...cells: readonly string[]) =>
  (storage: CellStorage): boolean =>
    storage.kind === 'redis' && !isOneOf(...cells)(storage)

const STANDS_ON_CONTRACT =
  'memory and a cell of Redis show it: it stands on the contract, which each driver keeps'

const leftOut: readonly LeftOut[] = [
  {
    suites: ['driver'],
    where: isOlder,
    because: 'the current major shows it: an older one of the same client is for a run of its own',
  },
  {
    suites: [
      ...['checkpointer', 'damage', 'driver', 'durability', 'failover', 'failure-borrowed'],
      ...['failure-classes', 'failure-replies', 'round-trips', 'security-commands', 'security-rights'],
      ...['security-values', 'validation'],
    ],
    where: isTls,
    because: 'standalone shows it: TLS changes the bytes on the wire, and nothing that is sent or stored',
  },
  {
    suites: ['checkpointer', 'round-trips', 'security-values', 'validation'],
    where: isSentinel,
    because:
      'standalone shows it: behind Sentinels a client sends the same commands to one primary, in as many trips',
  },
  {
    suites: ['driver'],
    where: isOneOf('ioredis | sentinel', 'node-redis | standalone'),
    because:
      'the other cells show it: each client on a Cluster, one of them on one server, and one behind Sentinels',
  },
  {
    suites: ['failure-classes', 'security-rights'],
    where: isOneOf('ioredis | cluster', 'node-redis | standalone', 'node-redis | sentinel'),
    because: 'the cells that run it show it: each client, and each topology once',
  },
  {
    suites: ['managed-services'],
    where: (storage) => !isOneOf('ioredis | standalone', 'node-redis | cluster')(storage),
    rest: isOneOf('ioredis | cluster', 'node-redis | standalone'),
    because: 'the two cells that run it show it: services are one server or a Cluster; each client once',
  },
  {
    suites: ['security-secrets'],
    where: isOneOf(
      ...['ioredis | standalone', 'node-redis | standalone', 'ioredis | sentinel', 'node-redis | cluster'],
    ),
    because: 'the cells that run it show it: each client by TLS, and each other topology once',
  },
  {
    suites: ['slot-migration'],
    where: isRedis,
    because: 'the driver suite moves slots under each client; to move them under load takes long',
  },
  {
    suites: ['faults-ten-thousand'],
    where: isRedis,
    because: 'the driver suite cuts connections too, and thousands of cuts take long',
  },
  {
    suites: ['bounds', 'checkpointer', 'durability', 'round-trips', 'security-commands', 'validation'],
    where: notIn('ioredis | standalone', 'node-redis | cluster'),
    rest: isOneOf('ioredis | cluster', 'node-redis | sentinel'),
    because: 'the two cells that run it show it for their client; how it connects changes nothing in it',
  },
  {
    suites: ['server-hold'],
    where: isRedis,
    rest: isOneOf('ioredis | standalone', 'node-redis | cluster'),
    because: 'it measures for a minute; that each script is bounded is tested beside the scripts',
  },
  {
    suites: ['damage-random', 'damage-nonsense', 'foreign-keys'],
    where: notIn('ioredis | standalone', 'node-redis | cluster'),
    rest: isOneOf('ioredis | cluster', 'node-redis | standalone'),
    because: 'the two cells that run it show it: the layout and the scripts are the same in all',
  },
  {
    suites: ['clocks', 'graphs'],
    where: (storage) => isLmdb(storage) || notIn('ioredis | standalone')(storage),
    rest: (storage) => isLmdb(storage) || isOneOf('node-redis | cluster')(storage),
    because: STANDS_ON_CONTRACT,
  },
  {
    suites: ['conflicts', 'healing-gone', 'healing-random', 'healing-thrown-back', 'leases', 'programs'],
    where: (storage) => isLmdb(storage) || notIn('node-redis | cluster')(storage),
    rest: (storage) => isLmdb(storage) || isOneOf('ioredis | sentinel')(storage),
    because: STANDS_ON_CONTRACT,
  },
]

/** What only a run for work in between leaves out: servers that fail, and what takes long. */
const notQuick: readonly string[] = [
  ...['damage-nonsense', 'damage-random', 'durability', 'failover', 'failure-borrowed', 'failure-classes'],
  ...[
    'faults-ten-thousand',
    'foreign-keys',
    'healing-failures',
    'leases',
    'managed-services',
    'outage',
    'programs',
    'round-trips',
  ],
  ...['security-commands', 'security-rights', 'security-tls', 'security-values', 'slot-migration'],
]

/** What stands on the contract: memory shows it soonest, and one server what it sends. */
const notQuickOn: Readonly<Record<CellStorage['kind'], readonly string[]>> = {
  memory: [],
  lmdb: ['bounds', 'checkpointer', 'clocks', 'graphs', 'security-secrets', 'validation'],
  redis: ['bounds', 'clocks', 'graphs'],
}

/** The suites that a quick run leaves out in this cell, with the reasons. */
export function leftOutWhenQuick(cell: Cell): ReadonlyMap<string, string> {
  const because = 'npm test runs it: it is not for work in between'
  const slow = [...notQuick, ...notQuickOn[cell.storage.kind]]
  return new Map([...leftOutOf(cell), ...slow.map((suite) => [suite, because] as const)])
}

/** The suites that a cell leaves to others in `npm test -- --rest` as well, with the reasons. */
export function leftOutOfRest({ storage }: Cell): ReadonlyMap<string, string> {
  return new Map(
    leftOut.flatMap(({ suites, where, rest, because }) =>
      where(storage) && rest?.(storage) === false ? suites.map((suite) => [suite, because] as const) : [],
    ),
  )
}

/** The suites that this cell leaves to others in `npm test`, with the reasons. */
export function leftOutOf({ storage }: Cell): ReadonlyMap<string, string> {
  return new Map(
    leftOut.flatMap(({ suites, where, because }) =>
      where(storage) ? suites.map((suite) => [suite, because] as const) : [],
    ),
  )
}
