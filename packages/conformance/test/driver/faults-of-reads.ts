import {
  DriverFault,
  type Read,
  type ReadResult,
  type StorageDriver,
  type StoredRecord,
} from '@cairnkit/core/driver'
import { type BrokenDriver, tick } from './broken-driver.js'

function onRecords(change: (record: StoredRecord) => StoredRecord): BrokenDriver['breaks'] {
  return onResults((result) => {
    if (result.type === 'get') return { ...result, record: result.record && change(result.record) }
    return result.type === 'range' ? { ...result, records: result.records.map(change) } : result
  })
}

function onResults(change: (result: ReadResult, read: Read) => ReadResult): BrokenDriver['breaks'] {
  return (driver) => ({
    read: async (id, reads, options) => {
      const results = await driver.read(id, reads, options)
      return results.map((result, at) => change(result, reads[at] as Read))
    },
  })
}

function onReads(change: (read: Read) => Read): BrokenDriver['breaks'] {
  return (driver) => ({ read: (id, reads, options) => driver.read(id, reads.map(change), options) })
}

function onCorrupt(
  change: (driver: StorageDriver, id: string, reads: readonly Read[]) => Promise<ReadResult[]>,
): BrokenDriver['breaks'] {
  return (driver) => ({
    read: async (id, reads, options) => {
      try {
        return await driver.read(id, reads, options)
      } catch (cause) {
        if (!DriverFault.isInstance(cause) || cause.code !== 'corrupt') throw cause
        return await change(driver, id, reads)
      }
    },
  })
}

/** JavaScript's own order, element by element. */
function compareByCodeUnits(left: StoredRecord, right: StoredRecord): number {
  for (const [at, element] of left.key.entries()) {
    const other = right.key[at]
    if (other === undefined) return 1
    if (element !== other) return element < other ? -1 : 1
  }
  return left.key.length - right.key.length
}

export const faultsOfReads: readonly BrokenDriver[] = [
  {
    name: 'answers each read of a call at another instant',
    breaks: (driver) => ({
      read: async (id, reads, options) => {
        const results: ReadResult[] = []
        for (const read of structuredClone(reads)) {
          results.push(...(await driver.read(id, [read], options)))
          await tick()
        }
        return results
      },
    }),
    noticedBy: ['never sees half of a batch in two reads of one call'],
  },
  {
    name: 'compares keys as JavaScript does',
    breaks: onResults((result, read) => {
      if (result.type !== 'range' || read.type !== 'range') return result
      const records = [...result.records].sort(compareByCodeUnits)
      return { ...result, records: read.reverse === true ? records.reverse() : records }
    }),
    noticedBy: [
      'returns a range in the order of the contract, whatever the order of writing',
      'orders the hostile table as the contract does',
    ],
  },
  {
    name: 'takes bytes for text',
    breaks: onRecords((record) => ({ ...record, bytes: Buffer.from(Buffer.from(record.bytes).toString()) })),
    noticedBy: ['in records and objects: bytes that are no UTF-8', 'in records and objects: every byte'],
  },
  {
    name: 'loses zeros at the end',
    breaks: onRecords((record) => {
      const end = record.bytes.findLastIndex((byte) => byte !== 0)
      return { ...record, bytes: record.bytes.slice(0, end + 1) }
    }),
    noticedBy: ['in records and objects: zeros at both ends', 'in records and objects: one zero'],
  },
  {
    name: 'cuts values at half a megabyte',
    breaks: onRecords((record) => ({ ...record, bytes: record.bytes.slice(0, 524_288) })),
    noticedBy: ['keeps a record and an object of 1048576 bytes'],
  },
  {
    name: 'removes repeated references',
    breaks: onRecords((record) => ({ ...record, refs: [...new Set(record.refs)] })),
    noticedBy: ['keeps references in their order, repeated ones too'],
  },
  {
    name: 'leaves out what is missing without a word',
    breaks: onCorrupt((driver, id, reads) =>
      driver.read(
        id,
        reads.map((read) => ('follow' in read ? { ...read, follow: 'none' } : read)),
      ),
    ),
    noticedBy: [
      'names the missing object that a record refers to: get',
      'names the missing object at the end of a chain: groups',
      'names the missing object that an object refers to',
    ],
  },
  {
    name: 'does not name what is missing',
    breaks: onCorrupt(() =>
      Promise.reject(new DriverFault({ code: 'corrupt', disposition: 'permanent' }, 'something is missing')),
    ),
    noticedBy: ['names the missing object that a record refers to: range'],
  },
  {
    name: 'fails for an object that is asked for and not there',
    breaks: onResults((result, read) => {
      if (result.type !== 'objects' || read.type !== 'objects') return result
      if (read.ids.every((id) => result.objects.has(id))) return result
      throw new DriverFault({ code: 'corrupt', disposition: 'permanent' }, 'not there')
    }),
    noticedBy: ['leaves out an object that is asked for and not there'],
  },
  {
    name: 'follows one step only',
    breaks: onResults((result, read) => {
      if (!('objects' in result) || !(result.objects instanceof Map) || !('follow' in read)) return result
      if (result.type !== 'get' || result.record === undefined) return result
      const { refs } = result.record
      return { ...result, objects: new Map([...result.objects].filter(([id]) => refs.includes(id))) }
    }),
    noticedBy: ['follow gives the whole closure, each object once'],
  },
  {
    name: 'counts orphans against the limit',
    breaks: (driver) => ({
      read: async (id, reads, options) => {
        const widened = reads.map((read) => (read.type === 'groups' ? { ...read, orphans: true } : read))
        const results = await driver.read(id, widened, options)
        return results.map((result, at) => {
          const read = reads[at]
          if (result.type !== 'groups' || read?.type !== 'groups' || read.orphans === true) return result
          return { ...result, groups: result.groups.filter(({ record }) => record !== undefined) }
        })
      },
    }),
    noticedBy: ['groups gives a limit that orphans do not count against'],
  },
  {
    name: 'turns the members of a group around with the groups',
    breaks: onResults((result, read) => {
      if (result.type !== 'groups' || read.type !== 'groups' || read.reverse !== true) return result
      return {
        ...result,
        groups: result.groups.map((group) => ({ ...group, members: [...group.members].reverse() })),
      }
    }),
    noticedBy: ['groups gives whole groups, members in key order, whatever the order of groups'],
  },
  {
    name: 'ignores reverse',
    breaks: onReads((read) => ('reverse' in read ? { ...read, reverse: false } : read)),
    noticedBy: ['range gives a limit, backwards', 'names gives backwards', 'groups gives backwards'],
  },
  {
    name: 'takes a limit of nothing for no limit',
    breaks: onReads((read) => {
      if (!('limit' in read) || read.limit !== 0) return read
      const { limit: _, ...unlimited } = read
      return unlimited
    }),
    noticedBy: [
      'range gives a limit of nothing',
      'groups gives a limit of nothing',
      'names gives a limit of nothing',
    ],
  },
  {
    name: 'includes the upper bound',
    breaks: onReads((read) =>
      read.type === 'range' && read.until !== undefined ? { ...read, until: [...read.until, ''] } : read,
    ),
    noticedBy: ['range gives until, exclusive'],
  },
  {
    name: 'leaves out the key that is the prefix',
    breaks: onResults((result, read) => {
      if (result.type !== 'range' || read.type !== 'range') return result
      return { ...result, records: result.records.filter(({ key }) => key.length > read.prefix.length) }
    }),
    noticedBy: ['range gives a prefix, its own key included'],
  },
  {
    name: 'sends what the reader knows',
    breaks: (driver) => ({ read: (id, reads) => driver.read(id, reads) }),
    noticedBy: [
      'are left out with what only they reach: get',
      'are left out even when they are asked for by id',
    ],
  },
]
