/**
 * Objects by native commands, whose cost does not grow with their size as that of a script does. Each is issued in the
 * tick it is asked for; the deadline is the caller's business, one for all that it asks for together.
 */

import type { ObjectId } from '@cairnkit/core/driver'
import { type Bounds, objectBounds, partBounds } from '../encoding/bounds.js'
import { joinParts } from '../encoding/split-object.js'
import type { RedisTransport } from '../../redis-transport.js'
import { bytesListReply } from '../script/reply.js'
import type { SplitHead } from './object-pool.js'

/** The `o` member of an object; `undefined` when it is not there now. */
export async function fetchHead(
  transport: RedisTransport,
  key: Uint8Array,
  id: ObjectId,
): Promise<Uint8Array | undefined> {
  const [member] = await fetchMembers(transport, key, objectBounds(id))
  return member
}

/** Fetches part by part, all in this tick: a reply is never larger than a part. `undefined` when they do not match. */
export async function fetchParts(
  transport: RedisTransport,
  key: Uint8Array,
  head: SplitHead,
): Promise<Uint8Array | undefined> {
  const numbers = Array.from({ length: head.content.parts }, (_, number) => number)
  const parts = await Promise.all(
    numbers.map((number) => fetchMembers(transport, key, partBounds(head.id, number))),
  )
  return joinParts(head.content, parts.flat())
}

async function fetchMembers(
  transport: RedisTransport,
  key: Uint8Array,
  bounds: Bounds,
): Promise<Uint8Array[]> {
  return bytesListReply(await transport.send(key, ['ZRANGE', key, bounds.lower, bounds.upper, 'BYLEX']))
}
