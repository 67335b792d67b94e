import type { Mutation, ReadResult, StorageDriver, StoredRecord } from '@cairnkit/core/driver'
import type { BrokenDriver } from './broken-driver.js'

/** Bytes that two hold. */
export const faultsOfCopies: readonly BrokenDriver[] = [
  {
    name: 'keeps the bytes that it was given',
    breaks: (driver) => withBytesOfTheCaller(driver),
    noticedBy: ['takes what the caller passed at the moment of the call'],
  },
  {
    name: 'gives all results of a call the same bytes',
    breaks: (driver) => ({
      read: async (id, reads, options) => {
        const results = await driver.read(id, reads, options)
        const [first] = results
        if (first?.type !== 'get') return results
        return results.map((result) => (result.type === 'get' ? { ...first } : result))
      },
    }),
    noticedBy: ['gives each result of one call bytes of its own'],
  },
  {
    name: 'gives the same result to every reader',
    breaks: (driver) => {
      const answered = new Map<string, Promise<ReadResult[]>>()
      return {
        commit: async (id, batch, options) => {
          answered.clear()
          return await driver.commit(id, batch, options)
        },
        drop: async (id, options) => {
          answered.clear()
          return await driver.drop(id, options)
        },
        read: async (id, reads, options) => {
          const question = JSON.stringify([id, reads, options])
          const answer = answered.get(question) ?? driver.read(id, reads, options)
          answered.set(question, answer)
          return await answer
        },
      }
    },
    noticedBy: ['gives copies: what a reader does to them reaches nobody'],
  },
]

/** What was put last under a key is given to readers as the caller passed it. */
function withBytesOfTheCaller(driver: StorageDriver): Partial<StorageDriver> {
  const passed = new Map<string, Uint8Array>()
  const keep = (id: string, mutation: Mutation): void => {
    if (mutation.type === 'put') passed.set(JSON.stringify([id, mutation.key]), mutation.bytes)
  }
  const asPassed = (id: string, record: StoredRecord | undefined): StoredRecord | undefined =>
    record && { ...record, bytes: passed.get(JSON.stringify([id, record.key])) ?? record.bytes }
  return {
    commit: (id, batch, options) => {
      for (const mutation of batch.mutations ?? []) keep(id, mutation)
      return driver.commit(id, batch, options)
    },
    read: async (id, reads, options) => {
      const results = await driver.read(id, reads, options)
      return results.map((result): ReadResult =>
        result.type === 'get' ? { ...result, record: asPassed(id, result.record) } : result,
      )
    },
  }
}
