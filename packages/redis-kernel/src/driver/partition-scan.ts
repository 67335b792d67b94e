import type { PartitionId } from '@cairnkit/core/driver'
import type { Call } from '../call.js'
import type { PartitionKeys } from '../encoding/partition-key.js'
import type { RedisPrimary, RedisTransport } from '../redis-transport.js'
import { bytesReply, bytesListReply, listReply } from '../script/reply.js'

/** How many keys the server looks at per page. */
const PAGE = '512'

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
      for (const key of page) {
        const id = keys.decode(key)
        if (id === undefined || seen.has(id)) continue
        seen.add(id)
        yield id
      }
    }
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
