import type { Cell, CellStorage } from './cells.js'

/** Suites that a cell does not run in `npm test`, because others speak for it. `npm test -- --rest` runs exactly these. */
interface LeftOut {
  readonly suites: readonly string[]
  readonly where: (storage: CellStorage) => boolean
  /** Which cells speak for it, and why what they show holds here. */
  readonly because: string
}

const isTls = (storage: CellStorage): boolean =>
  storage.kind === 'redis' && storage.topology === 'standalone-tls'

/** A cell of Redis that is none of these, written as in the matrix. */
const notIn =
  (...cells: readonly string[]) =>
  (storage: CellStorage): boolean =>
    storage.kind === 'redis' && !cells.includes(`${storage.client} | ${storage.topology}`)

const leftOut: readonly LeftOut[] = [
  {
    suites: [
      ...['conflicts', 'damage', 'durability', 'failure-borrowed', 'failure-classes', 'failure-replies'],
      ...['graphs', 'healing-gone', 'healing-thrown-back', 'healing-random', 'round-trips'],
      ...['programs', 'security-commands', 'security-rights', 'validation'],
    ],
    where: isTls,
    because: 'standalone shows it: TLS changes the bytes on the wire, and nothing that is sent or stored',
  },
  {
    suites: ['faults-ten-thousand'],
    where: notIn(
      'ioredis | standalone',
      'node-redis | standalone',
      'ioredis | cluster',
      'node-redis | cluster',
    ),
    because:
      'standalone shows it: Sentinel and TLS change where and how a client connects, not what it says of a cut',
  },
  {
    suites: ['damage-random', 'damage-nonsense', 'foreign-keys'],
    where: notIn('ioredis | standalone', 'node-redis | cluster'),
    because: 'the two cells that run it show it: the layout and the scripts are the same in all',
  },
  {
    suites: ['leases'],
    where: notIn('ioredis | standalone', 'node-redis | sentinel', 'ioredis | cluster'),
    because: 'one cell of each topology shows it: leases stand on the contract, which each driver keeps',
  },
]

/** The suites that this cell leaves to others in `npm test`, with the reasons. */
export function leftOutOf({ storage }: Cell): ReadonlyMap<string, string> {
  return new Map(
    leftOut.flatMap(({ suites, where, because }) =>
      where(storage) ? suites.map((suite) => [suite, because] as const) : [],
    ),
  )
}
