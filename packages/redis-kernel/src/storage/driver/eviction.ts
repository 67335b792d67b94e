import { type StorageWarning, showBytes } from '@cairnkit/core/driver'
import type { RedisTransport } from '../../redis-transport.js'

/**
 * What a server says of its memory that puts data at risk, in one INFO of one primary. Rejects where the user may not ask.
 * Only policies for all keys count: the others remove what expires, and nothing that is to stay.
 */
export async function findEviction(transport: RedisTransport): Promise<readonly StorageWarning[]> {
  const [primary] = await transport.primaries()
  const reply = await primary?.send(['INFO', 'memory'])
  return reply instanceof Uint8Array ? warningsOf(Buffer.from(reply).toString()) : []
}

function warningsOf(memory: string): readonly StorageWarning[] {
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
