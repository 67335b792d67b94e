/** Objects by native commands, whose cost does not grow with their size as that of a script does. */

import type { ObjectId } from '@cairnkit/core/driver'
import type { Call } from '../call.js'
import { type Bounds, objectBounds, partBounds } from '../encoding/bounds.js'
import { type ObjectHead, decodeObjectHead } from '../encoding/object-member.js'
import { joinParts } from '../encoding/split-object.js'
import type { RedisTransport } from '../redis-transport.js'
import { bytesListReply } from '../script/reply.js'
import type { SplitHead } from './object-pool.js'

/** `undefined` when it is not there now. */
export async function fetchHead(
  transport: RedisTransport,
  key: Uint8Array,
  id: ObjectId,
  call: Call,
): Promise<ObjectHead | undefined> {
  const [member] = await fetchFirst(transport, key, objectBounds(id), call)
  return member === undefined ? undefined : decodeObjectHead(member)
}

/** Fetches part by part, all in this tick: a reply is never larger than a part. `undefined` when they do not match. */
export async function fetchParts(
  transport: RedisTransport,
  key: Uint8Array,
  head: SplitHead,
  call: Call,
): Promise<Uint8Array | undefined> {
  const numbers = Array.from({ length: head.content.parts }, (_, number) => number)
  const parts = await Promise.all(
    numbers.map((number) => fetchFirst(transport, key, partBounds(head.id, number), call)),
  )
  return joinParts(head.content, parts.flat())
}

async function fetchFirst(
  transport: RedisTransport,
  key: Uint8Array,
  bounds: Bounds,
  call: Call,
): Promise<Uint8Array[]> {
  const command = ['ZRANGE', key, bounds.lower, bounds.upper, 'BYLEX', 'LIMIT', '0', '1'] as const
  return bytesListReply(await call.guard(transport.send(key, command)))
}
