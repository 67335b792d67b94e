import type {
  ExpireMutation,
  Mutation,
  PartitionId,
  StorageDriver,
  StoredObject,
  Tuple,
} from '@cairnkit/core/driver'
import { type BrokenDriver, withChanges } from './broken-driver.js'

function onKeys(change: (element: string) => string): BrokenDriver['breaks'] {
  const changed = <T extends object>(item: T): T =>
    'key' in item && Array.isArray(item.key) ? { ...item, key: (item.key as Tuple).map(change) } : item
  return (driver) => ({
    read: (id, reads, options) => driver.read(id, reads.map(changed), options),
    commit: (id, { checks = [], mutations = [] }, options) =>
      driver.commit(id, { checks: checks.map(changed), mutations: mutations.map(changed) }, options),
  })
}

function onExpiry(change: (mutations: readonly Mutation[]) => readonly Mutation[]): BrokenDriver['breaks'] {
  return (driver) => ({
    commit: (id, batch, options) =>
      driver.commit(id, { ...batch, mutations: change(batch.mutations ?? []) }, options),
  })
}

function onTtl(change: (ttlMs: number) => number): BrokenDriver['breaks'] {
  return onExpiry((mutations) =>
    mutations.map((mutation) =>
      mutation.type === 'expire' && typeof mutation.ttlMs === 'number'
        ? { ...mutation, ttlMs: change(mutation.ttlMs) }
        : mutation,
    ),
  )
}

function onExpire(change: (expire: ExpireMutation) => ExpireMutation): BrokenDriver['breaks'] {
  return onExpiry((mutations) =>
    mutations.map((mutation) => (mutation.type === 'expire' ? change(mutation) : mutation)),
  )
}

function onDrop(change: (tombstoneMs: number | null) => number | null): BrokenDriver['breaks'] {
  return onExpiry((mutations) =>
    mutations.map((mutation) =>
      mutation.type === 'drop' ? { ...mutation, tombstoneMs: change(mutation.tombstoneMs) } : mutation,
    ),
  )
}

function onListing(
  list: (driver: StorageDriver, prefix: string) => AsyncIterable<PartitionId>,
): BrokenDriver['breaks'] {
  return (driver) => ({ partitions: (prefix) => list(driver, prefix) })
}

export const faultsOfLife: readonly BrokenDriver[] = [
  {
    name: 'never expires',
    breaks: onExpiry((mutations) => mutations.filter(({ type }) => type !== 'expire')),
    noticedBy: ['is invisible to every read once it has expired', 'tells how long is left'],
  },
  {
    name: 'expires a second early',
    breaks: onTtl((ttlMs) => Math.max(1, ttlMs - 1000)),
    noticedBy: ['is there until its time is up'],
  },
  {
    name: 'expires a second late',
    breaks: onTtl((ttlMs) => ttlMs + 1000),
    noticedBy: [
      'is invisible to every read once it has expired',
      'expires on time although it was written to',
    ],
  },
  {
    name: 'takes milliseconds for seconds',
    breaks: onTtl((ttlMs) => ttlMs * 1000),
    noticedBy: ['is invisible to every read once it has expired', 'tells how long is left'],
  },
  {
    name: 'expires records and keeps objects',
    breaks: (driver) => withObjectsForEver(driver),
    noticedBy: ['is invisible to every read once it has expired'],
  },
  {
    name: 'lives for ever again after any commit',
    breaks: onExpiry((mutations) =>
      mutations.some(({ type }) => type === 'expire')
        ? mutations
        : [...mutations, { type: 'expire', ttlMs: null }],
    ),
    noticedBy: [
      'keeps the expiry through commits that do not speak of it',
      'expires on time although it was written to',
    ],
  },
  {
    name: 'forgets an expiry that stands before what it is for',
    breaks: onExpiry((mutations) => (mutations[0]?.type === 'expire' ? mutations.slice(1) : mutations)),
    noticedBy: ['means the partition as the batch leaves it, wherever it stands'],
  },
  {
    name: 'cannot live for ever again',
    breaks: onExpiry((mutations) =>
      mutations.filter((mutation) => mutation.type !== 'expire' || mutation.ttlMs !== null),
    ),
    noticedBy: ['lives for ever again with null'],
  },
  {
    name: 'lets no record decide',
    breaks: onExpire((expire) => ({ ...expire, decidedBy: [] })),
    noticedBy: ['a record decides', 'an empty record means for ever'],
  },
  {
    name: 'lets the last record decide',
    breaks: onExpire((expire) => ({ ...expire, decidedBy: expire.decidedBy?.toReversed() ?? [] })),
    noticedBy: ['the first record that says something decides'],
  },
  {
    name: 'sets an expiry where there is one',
    breaks: onExpire((expire) => ({ ...expire, ifNone: false })),
    noticedBy: ['only where there is none: there is one'],
  },
  {
    name: 'takes unchanged for never',
    breaks: onExpire((expire) => ({ ...expire, ttlMs: expire.ttlMs === 'unchanged' ? null : expire.ttlMs })),
    noticedBy: ['unchanged leaves an expiry'],
  },
  {
    name: 'tells the time in seconds',
    breaks: (driver) => ({
      read: async (id, reads, options) =>
        (await driver.read(id, reads, options)).map((result) =>
          result.type === 'time' ? { ...result, nowMs: Math.floor(result.nowMs / 1000) } : result,
        ),
    }),
    noticedBy: ['is a whole number of milliseconds, and goes on'],
  },
  {
    name: 'names nothing that a sweep dropped',
    breaks: (driver) => ({
      commit: async (id, batch, options) => {
        const result = await driver.commit(id, batch, options)
        return result.ok && result.removed !== undefined ? { ...result, removed: [] } : result
      },
    }),
    noticedBy: ['names what it dropped, and how large that was'],
  },
  {
    name: 'always says that it dropped something',
    breaks: (driver) => ({ drop: (id, options) => driver.drop(id, options).then(() => true) }),
    noticedBy: ['drops everything, and says whether there was anything'],
  },
  {
    name: 'drops nothing',
    breaks: () => ({ drop: () => Promise.resolve(true) }),
    noticedBy: ['drops everything, and says whether there was anything'],
  },
  {
    name: 'leaves no tombstone',
    breaks: onDrop(() => null),
    noticedBy: ['leaves a tombstone that nobody sees but those who ask for it'],
  },
  {
    name: 'leaves a tombstone for ever',
    breaks: onDrop((tombstoneMs) => (tombstoneMs === null ? null : 2 ** 40)),
    noticedBy: ['expires by itself', 'takes the time of the latest drop'],
  },
  {
    name: 'drops without looking at the checks',
    breaks: (driver) => ({
      commit: (id, batch, options) =>
        (batch.mutations ?? []).some(({ type }) => type === 'drop')
          ? driver.commit(id, { mutations: batch.mutations ?? [] }, options)
          : driver.commit(id, batch, options),
    }),
    noticedBy: ['drops everything if the checks hold, and nothing if one fails'],
  },
  {
    name: 'normalizes keys',
    breaks: onKeys((element) => element.normalize('NFC')),
    noticedBy: ['an element of keys: decomposed'],
  },
  {
    name: 'replaces lone surrogates',
    breaks: onKeys((element) => Buffer.from(element).toString()),
    noticedBy: ['an element of keys: high surrogate', 'no two pairs are the same key'],
  },
  {
    name: 'ends keys at NUL',
    breaks: onKeys((element) => element.split('\0')[0] as string),
    noticedBy: ['an element of keys: NUL inside'],
  },
  {
    name: 'takes the prefix of a listing for a pattern',
    breaks: onListing(async function* (driver, prefix) {
      const pattern = new RegExp(`^${prefix.replaceAll('*', '.*').replaceAll('?', '.')}`)
      for await (const id of driver.partitions('')) if (pattern.test(id)) yield id
    }),
    noticedBy: ['takes the prefix as it is: no character of it is a pattern'],
  },
  {
    name: 'lists a partition twice',
    breaks: onListing(async function* (driver, prefix) {
      for await (const id of driver.partitions(prefix)) {
        yield id
        yield id
      }
    }),
    noticedBy: ['lists what begins with the prefix, each once'],
  },
  {
    name: 'lists a hundred and no more',
    breaks: onListing(async function* (driver, prefix) {
      let listed = 0
      for await (const id of driver.partitions(prefix)) if (listed++ < 100) yield id
    }),
    noticedBy: ['lists a thousand'],
  },
  {
    name: 'lists what is gone',
    breaks: (driver) => {
      const seen = new Set<PartitionId>()
      return {
        commit: async (id, batch, options) => {
          const result = await driver.commit(id, batch, options)
          if (result.epoch !== null) seen.add(id)
          return result
        },
        async *partitions(prefix) {
          for (const id of seen) if (id.startsWith(prefix)) yield id
        },
      }
    },
    noticedBy: ['lists no partition that is emptied, dropped or expired'],
  },
  {
    name: 'ignores signals',
    breaks: (driver) => ({
      open: () => driver.open(),
      read: (id, reads) => driver.read(id, reads),
      commit: (id, batch) => driver.commit(id, batch),
      drop: (id) => driver.drop(id),
      partitions: (prefix) => driver.partitions(prefix),
    }),
    noticedBy: ['makes no call whose signal has fired', 'stops when its signal fires'],
  },
  {
    name: 'leaves listeners on signals',
    breaks: (driver) => ({
      commit: (id, batch, options) => {
        options?.signal?.addEventListener('abort', () => undefined)
        return driver.commit(id, batch, options)
      },
    }),
    noticedBy: ['ignores a signal that never fires, and leaves no listener on it'],
  },
  {
    name: 'works on after close',
    breaks: () => ({ close: () => Promise.resolve(), [Symbol.asyncDispose]: () => Promise.resolve() }),
    noticedBy: ['fails with code closed after close, whatever is called', 'is closed by await using'],
  },
  {
    name: 'fails on the second close',
    breaks: (driver) => {
      let closed = false
      return {
        close: async () => {
          if (closed) throw new Error('closed already')
          closed = true
          await driver.close()
        },
      }
    },
    noticedBy: ['closes again and again, opened or not'],
  },
  {
    name: 'calls an unknown failure transient',
    breaks: () => ({ classify: () => ({ code: 'unavailable', disposition: 'transient' }) }),
    noticedBy: ['classifies whatever it is given'],
  },
  {
    name: 'has capabilities that can be changed',
    breaks: (driver) => ({ capabilities: { ...driver.capabilities } }),
    noticedBy: ['has frozen capabilities that make sense'],
  },
]

/** Objects are remembered apart from their partition, and found when it is not there any more. */
function withObjectsForEver(driver: StorageDriver): Partial<StorageDriver> {
  const kept = new Map<PartitionId, Map<string, StoredObject>>()
  return withChanges(driver, {
    commit: (id, batch, options) => {
      const objects = kept.get(id) ?? new Map<string, StoredObject>()
      for (const mutation of batch.mutations ?? [])
        if (mutation.type === 'object')
          objects.set(mutation.id, { bytes: mutation.bytes, refs: mutation.refs ?? [] })
      kept.set(id, objects)
      return driver.commit(id, batch, options)
    },
    read: async (id, reads, options) => {
      const results = await driver.read(id, reads, options)
      return results.map((result, at) => {
        const read = reads[at]
        if (result.type !== 'objects' || read?.type !== 'objects') return result
        const found = read.ids.flatMap((each) => {
          const object = kept.get(id)?.get(each)
          return object === undefined ? [] : [[each, object] as const]
        })
        return { ...result, objects: new Map(found) }
      })
    },
  })
}
