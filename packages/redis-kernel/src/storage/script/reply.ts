/** Replies as the scripts give them. What has another shape was not answered by our script. */

import { DriverFault } from '@cairnkit/core/driver'
import type { RedisReply } from '../../redis-transport.js'

export function listReply(reply: RedisReply | undefined): readonly RedisReply[] {
  if (Array.isArray(reply)) return reply as readonly RedisReply[]
  throw unexpected('a list', reply)
}

export function bytesReply(reply: RedisReply | undefined): Uint8Array {
  if (reply instanceof Uint8Array) return reply
  throw unexpected('bytes', reply)
}

/** A client may be set to give integers as text. */
export function numberReply(reply: RedisReply | undefined): number {
  const number =
    reply instanceof Uint8Array ? Number(Buffer.from(reply).toString()) : Number(reply ?? Number.NaN)
  if (Number.isFinite(number) && !Array.isArray(reply)) return number
  throw unexpected('a number', reply)
}

export function bytesListReply(reply: RedisReply | undefined): Uint8Array[] {
  return listReply(reply).map(bytesReply)
}

function unexpected(expected: string, reply: RedisReply | undefined): DriverFault {
  const got =
    reply instanceof Uint8Array ? 'bytes' : Array.isArray(reply) ? 'a list' : String(reply as number | null)
  return new DriverFault(
    { code: 'unsupported', disposition: 'permanent' },
    `the server answered with ${got} where ${expected} was expected`,
  )
}
