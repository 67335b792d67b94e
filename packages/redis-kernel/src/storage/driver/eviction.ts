import { type StorageWarning, showBytes } from '@cairnkit/core/driver'

/**
 * What the settings of a server's memory put at risk, from lines of INFO. Only policies for all keys count: the others remove
 * what expires, and nothing that is to stay.
 */
export function evictionWarnings(memory: string): readonly StorageWarning[] {
  const [, policy] = /^maxmemory_policy:(allkeys-\S+)/m.exec(memory) ?? []
  if (policy === undefined) return []
  const limit = Number(/^maxmemory:(\d+)/m.exec(memory)?.[1])
  const when =
    limit > 0
      ? `when its memory is short (maxmemory is ${showBytes(limit)})`
      : 'as soon as maxmemory limits its memory'
  const message =
    `maxmemory-policy is ${policy}: ${when}, the server removes whole threads, and no call fails. ` +
    'Set maxmemory-policy to noeviction.'
  return Object.freeze([Object.freeze({ code: 'eviction', message } as const)])
}
