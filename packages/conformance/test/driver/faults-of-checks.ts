import type { Check, StorageDriver } from '@cairnkit/core/driver'
import type { BrokenDriver } from './broken-driver.js'

function onChecks(
  change: (check: Check, driver: StorageDriver, id: string) => Promise<Check>,
): BrokenDriver['breaks'] {
  return (driver) => ({
    commit: async (id, batch, options) => {
      const checks = await Promise.all((batch.checks ?? []).map((check) => change(check, driver, id)))
      return await driver.commit(id, { ...batch, checks }, options)
    },
  })
}

/** Holds everywhere. */
const always: Check = { type: 'objects', ids: [] }

/** For each kind of check, tests in which it must not hold. */
const mustFail: Readonly<Record<Check['type'], readonly string[]>> = {
  epoch: ['epoch: another: fails', 'rejects a late commit after a drop by its epoch'],
  absent: [
    'absent: a key that is there: fails',
    'one driver: of 50 commits that want a key to be absent, one wins',
  ],
  present: ['present: only keys below it: fails', 'is invisible to every check once it has expired'],
  equals: ['equals: other bytes: fails', 'one driver: no increment is lost that compares before it writes'],
  last: [
    'last: not the last key: fails',
    'one driver: of appends that want to be the next, each finds its place',
  ],
  head: ['head: a group before the last: fails'],
  objects: ['objects: one is missing: fails'],
  undropped: ['tells of the tombstone when a check fails'],
}

/** How checks are judged. */
export const faultsOfChecks: readonly BrokenDriver[] = [
  ...Object.entries(mustFail).map(([type, noticedBy]) => ({
    name: `holds every check of the type ${type} for true`,
    breaks: onChecks(async (check) => (check.type === type ? always : check)),
    noticedBy,
  })),
  {
    name: 'compares bytes and not references',
    breaks: onChecks(async (check, driver, id) => {
      if (check.type !== 'equals') return check
      const [got] = await driver.read(id, [{ type: 'get', key: check.key }])
      const refs = got?.type === 'get' ? got.record?.refs : undefined
      return refs === undefined ? check : { ...check, refs }
    }),
    noticedBy: ['equals: fewer references: fails'],
  },
  {
    name: 'compares the last key as a whole',
    breaks: onChecks(async (check, driver, id) => {
      if (check.type !== 'last' || check.key === null) return check
      const read = { type: 'range', prefix: check.prefix, reverse: true, limit: 1 } as const
      const [found] = await driver.read(id, [read])
      const last = found?.type === 'range' ? found.records[0]?.key : undefined
      return last?.length === check.key.length ? check : { ...check, key: [...check.key, 'none'] }
    }),
    noticedBy: ['last: the last group, cut to its length: holds'],
  },
  {
    name: 'takes a group without a record of its own for the head',
    breaks: onChecks(async (check, driver, id) => {
      if (check.type !== 'head') return check
      const read = { type: 'names', prefix: check.prefix, reverse: true, limit: 1 } as const
      const [found] = await driver.read(id, [read])
      const last = found?.type === 'names' ? (found.names[0] ?? null) : null
      if (!check.elements.includes(last)) return { ...check, elements: [] }
      return { type: 'last', prefix: check.prefix, key: last === null ? null : [...check.prefix, last] }
    }),
    noticedBy: ['head: groups without a record of their own do not count: holds'],
  },
]
