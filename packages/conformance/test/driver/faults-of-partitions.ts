import {
  type Mutation,
  type ObjectMap,
  type PartitionId,
  type ReadResult,
  type StorageDriver,
  type StoredObject,
} from '@cairnkit/core/driver'
import type { BrokenDriver } from './broken-driver.js'

function onIds(change: (id: PartitionId) => PartitionId): BrokenDriver['breaks'] {
  return (driver) => ({
    read: (id, reads, options) => driver.read(change(id), reads, options),
    commit: (id, batch, options) => driver.commit(change(id), batch, options),
    drop: (id, options) => driver.drop(change(id), options),
  })
}

/** How partitions are told apart. */
export const faultsOfPartitions: readonly BrokenDriver[] = [
  {
    name: 'takes another partition whose name begins alike',
    breaks: onIds((id) => id.split(':', 3).join(':')),
    noticedBy: ['tells ids apart that begin alike'],
  },
  {
    name: 'answers with the partition that was asked for before',
    breaks: (driver) => {
      let last: PartitionId | undefined
      return {
        read: async (id, reads, options) => {
          const asked = last ?? id
          last = id
          return await driver.read(asked, reads, options)
        },
      }
    },
    noticedBy: ['keeps equal keys of two partitions apart', 'commits to many partitions at once keep apart'],
  },
  {
    name: 'keeps the partition of a call where the next call finds it',
    breaks: (driver) => {
      let current: PartitionId
      return {
        commit: async (id, batch, options) => {
          current = id
          await Promise.resolve()
          return await driver.commit(current, batch, options)
        },
      }
    },
    noticedBy: ['commits to many partitions at once keep apart'],
  },
  {
    name: 'keeps the objects of all partitions together',
    breaks: (driver) => withSharedObjects(driver),
    noticedBy: ['keeps objects apart: one that is elsewhere is missing here'],
  },
  {
    name: 'drops what lies below a name with it',
    breaks: (driver) => ({
      drop: async (id, options) => {
        for await (const other of driver.partitions(`${id}:`)) await driver.drop(other)
        return await driver.drop(id, options)
      },
    }),
    noticedBy: ['tells ids apart that begin alike'],
  },
  {
    name: 'takes upper case for lower case in names',
    breaks: onIds((id) => id.toLowerCase()),
    noticedBy: ['no two are the same partition'],
  },
  {
    name: 'cuts names at 200 characters',
    breaks: onIds((id) => id.slice(0, 200)),
    noticedBy: ['takes ids of 30 KB that differ at the end'],
  },
]

/** Objects are looked for in all partitions. */
function withSharedObjects(driver: StorageDriver): Partial<StorageDriver> {
  const shared = new Map<string, StoredObject>()
  const remember = (mutation: Mutation): void => {
    if (mutation.type === 'object')
      shared.set(mutation.id, { bytes: mutation.bytes, refs: mutation.refs ?? [] })
  }
  return {
    commit: async (id, batch, options) => {
      batch.mutations?.forEach(remember)
      return await driver.commit(id, batch, options)
    },
    read: async (id, reads, options) => {
      const results = await driver.read(id, reads, options)
      return results.map((result, at): ReadResult => {
        const read = reads[at]
        if (result.type !== 'objects' || read?.type !== 'objects') return result
        const found = read.ids.flatMap((each) => {
          const object = result.objects.get(each) ?? shared.get(each)
          return object === undefined ? [] : [[each, object] as const]
        })
        const objects: ObjectMap = new Map(found)
        return { ...result, objects }
      })
    },
  }
}
