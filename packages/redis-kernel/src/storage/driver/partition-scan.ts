import type { PartitionId } from '@cairnkit/core/driver'
import type { Call } from '../call.js'
import type { PartitionKeys } from '../encoding/partition-key.js'
import { serverErrorCode } from '../errors/server-error.js'
import type { RedisPrimary, RedisTransport } from '../../redis-transport.js'
import { bytesReply, bytesListReply, listReply } from '../script/reply.js'

/** How many keys the server looks at per page. */
const PAGE = '512'

/** The members that come first where no partition is: see `tags.ts`. */
const noPartition = /^(?:tombstone$|[pwx][^]{32,}$)/

const movedAway: ReadonlySet<string> = new Set(['MOVED', 'ASK', 'TRYAGAIN'])

/** The ids of the partitions on every primary, each once. Every page has the time of one command. */
export async function* scanPartitions(
  transport: RedisTransport,
  keys: PartitionKeys,
  prefix: string,
  newCall: () => Call,
): AsyncGenerator<PartitionId> {
  // SCAN may give a key twice, and a slot that moves is for a moment on two servers.
  const seen = new Set<PartitionId>()
  for (const primary of await newCall().guard(transport.primaries())) {
    for await (const page of pages(primary, keys.pattern(prefix), newCall)) {
      for (const key of await withPartition(primary, page, newCall)) {
        const id = keys.decode(key)
        if (id === undefined || seen.has(id)) continue
        seen.add(id)
        yield id
        newCall().throwIfAborted()
      }
    }
  }
}

/** What was dropped on purpose leaves a key behind for a while, and what a failed commit has staged does. */
async function withPartition(
  primary: RedisPrimary,
  page: readonly Uint8Array[],
  newCall: () => Call,
): Promise<Uint8Array[]> {
  const firsts = await newCall().guard(Promise.all(page.map((key) => firstMember(primary, key))))
  return page.filter((_, at) => !noPartition.test(firsts[at] ?? ''))
}

/** `undefined` where the key has moved to another server meanwhile, which is to say what it holds. */
async function firstMember(primary: RedisPrimary, key: Uint8Array): Promise<string | undefined> {
  try {
    const [first] = bytesListReply(await primary.send(['ZRANGE', key, '0', '0']))
    return first === undefined ? undefined : Buffer.from(first).toString('latin1')
  } catch (cause) {
    if (movedAway.has(serverErrorCode(cause) ?? '')) return undefined
    throw cause
  }
}

async function* pages(
  primary: RedisPrimary,
  pattern: string,
  newCall: () => Call,
): AsyncGenerator<Uint8Array[]> {
  let cursor = '0'
  do {
    const call = newCall()
    call.throwIfAborted()
    const command = ['SCAN', cursor, 'MATCH', pattern, 'COUNT', PAGE, 'TYPE', 'zset'] as const
    const [next, page] = listReply(await call.guard(primary.send(command)))
    cursor = Buffer.from(bytesReply(next)).toString()
    yield bytesListReply(page)
  } while (cursor !== '0')
}
