import {
  type CommitResult,
  type ExpireMutation,
  type Mutation,
  type PartitionId,
  type ReadResult,
  type StorageDriver,
  lifetimeIn,
} from '@cairnkit/core/driver'
import type { BrokenDriver } from './broken-driver.js'

function onExpiry(change: (expiry: ExpireMutation) => Mutation | undefined): BrokenDriver['breaks'] {
  return (driver) => ({
    commit: (id, batch, options) => {
      const mutations = (batch.mutations ?? []).flatMap((mutation) => {
        const changed = mutation.type === 'expire' ? change(mutation) : mutation
        return changed === undefined ? [] : [changed]
      })
      return driver.commit(id, { ...batch, mutations }, options)
    },
  })
}

function without<T extends object, Name extends keyof T>(value: T, name: Name): Omit<T, Name> {
  const { [name]: _, ...rest } = value
  return rest
}

type Applied = CommitResult & { readonly ok: true }

function onApplied(change: (result: Applied) => Applied): BrokenDriver['breaks'] {
  return (driver) => ({
    commit: async (id, batch, options) => {
      const result = await driver.commit(id, batch, options)
      return result.ok ? change(result) : result
    },
  })
}

function onTime(change: (nowMs: number) => number): BrokenDriver['breaks'] {
  return (driver) => ({
    read: async (id, reads, options) =>
      (await driver.read(id, reads, options)).map((result): ReadResult =>
        result.type === 'time' ? { ...result, nowMs: change(result.nowMs) } : result,
      ),
  })
}

/** Judges the records that decide before the batch, as a client would that reads first. */
function decidingFirst(said: (bytes: Uint8Array) => ReturnType<typeof lifetimeIn>): BrokenDriver['breaks'] {
  return (driver) => ({
    commit: async (id, batch, options) => {
      const mutations: Mutation[] = []
      for (const mutation of batch.mutations ?? [])
        mutations.push(mutation.type === 'expire' ? await decided(driver, id, mutation, said) : mutation)
      return await driver.commit(id, { ...batch, mutations }, options)
    },
  })
}

async function decided(
  driver: StorageDriver,
  id: PartitionId,
  expiry: ExpireMutation,
  said: (bytes: Uint8Array) => ReturnType<typeof lifetimeIn>,
): Promise<ExpireMutation> {
  const { decidedBy = [], ...rest } = expiry
  const results = await driver.read(
    id,
    decidedBy.map((key) => ({ type: 'get', key })),
  )
  for (const result of results) {
    if (result.type !== 'get' || result.record === undefined) continue
    const lifetime = said(result.record.bytes)
    if (lifetime !== undefined) return { ...rest, ttlMs: lifetime === 'for ever' ? null : lifetime }
  }
  return rest
}

export const faultsOfExpiry: readonly BrokenDriver[] = [
  {
    name: 'lets no record decide when a partition expires',
    breaks: onExpiry((expiry) => without(expiry, 'decidedBy')),
    noticedBy: [
      'takes the milliseconds that a record says',
      'lives for ever if the record that decides is empty',
      'expires on time by what a record says',
      'is renewed by each commit that asks for it',
    ],
  },
  {
    name: 'lets the last record decide that says something',
    breaks: onExpiry((expiry) => ({ ...expiry, decidedBy: [...(expiry.decidedBy ?? [])].reverse() })),
    noticedBy: ['takes the first record that says something'],
  },
  {
    name: 'looks at the records that decide before it applies the batch',
    breaks: decidingFirst(lifetimeIn),
    noticedBy: [
      'looks at the records as the batch leaves them: a put behind it',
      'looks at the records as a large batch leaves them: a delete',
    ],
  },
  {
    name: 'takes whatever a number is made of for a lifetime',
    breaks: decidingFirst((bytes) => {
      const ms = Math.trunc(Number(Buffer.from(bytes).toString()))
      return ms > 0 ? ms : undefined
    }),
    noticedBy: ['passes over records that say nothing'],
  },
  {
    name: 'makes an expiry endless that is to stay as it is',
    breaks: onExpiry((expiry) => (expiry.ttlMs === 'unchanged' ? { ...expiry, ttlMs: null } : expiry)),
    noticedBy: ['leaves the expiry as it is'],
  },
  {
    name: 'sets an expiry where there is one, though it is only for those without',
    breaks: onExpiry((expiry) => without(expiry, 'ifNone')),
    noticedBy: ['sets no expiry where there is one, if it is only for those without'],
  },
  {
    name: 'sets no expiry that is only for those without',
    breaks: onExpiry((expiry) => (expiry.ifNone === true ? undefined : expiry)),
    noticedBy: ['sets one where the batch gives birth, if it is only for those without'],
  },
  {
    name: 'never tells how long a partition has left',
    breaks: onApplied((result) => without(result, 'ttlMs')),
    noticedBy: ['takes the milliseconds that a record says', 'leaves the expiry as it is'],
  },
  {
    name: 'always tells how long a partition has left',
    breaks: onApplied((result) => ({ ttlMs: null, ...result })),
    noticedBy: ['tells nothing of an expiry that nobody asked for, or that is of nothing'],
  },
  {
    name: 'never tells what a sweep removed',
    breaks: onApplied((result) => without(result, 'removed')),
    noticedBy: ['names what it removed, with its size'],
  },
  {
    name: 'always tells what a sweep removed',
    breaks: onApplied((result) => ({ removed: [], ...result })),
    noticedBy: ['says that it removed nothing, and nothing where there was no sweep'],
  },
  {
    name: 'tells of one object that a sweep removed',
    breaks: onApplied((result) =>
      result.removed === undefined ? result : { ...result, removed: result.removed.slice(0, 1) },
    ),
    noticedBy: [
      'names what it removed, with its size',
      'names what all sweeps of a batch removed, and what leaves no partition',
      'drops a thousand, and keeps a chain of a hundred',
    ],
  },
  {
    name: 'counts references among the bytes of what a sweep removed',
    breaks: onApplied((result) =>
      result.removed === undefined
        ? result
        : { ...result, removed: result.removed.map(({ id, bytes }) => ({ id, bytes: bytes + 16 })) },
    ),
    noticedBy: ['names what it removed, with its size'],
  },
  {
    name: 'tells the time in seconds',
    breaks: onTime((nowMs) => Math.floor(nowMs / 1000)),
    noticedBy: ['is a whole number of milliseconds that grows'],
  },
  {
    name: 'tells fractions of a millisecond',
    breaks: onTime((nowMs) => nowMs + 0.5),
    noticedBy: ['is a whole number of milliseconds that grows'],
  },
  {
    name: 'tells the time of the process',
    breaks: onTime(() => Date.now()),
    noticedBy: ['is the one by which partitions expire'],
  },
]
