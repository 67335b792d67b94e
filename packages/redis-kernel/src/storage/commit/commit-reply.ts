/** The reply of `commit.lua`, whose header lists it. */

import { type CommitResult, DriverFault, type RemovedObject, corrupt } from '@cairnkit/core/driver'
import { decodeEpoch } from '../encoding/epoch-member.js'
import { idsIn } from '../encoding/object-ids.js'
import { decodeObjectHead } from '../encoding/object-member.js'
import { decodeRecord } from '../encoding/record-member.js'
import { tag } from '../encoding/tags.js'
import type { RedisReply } from '../../redis-transport.js'
import { bytesReply, listReply, numberReply } from '../script/reply.js'
import { faultOfStatus, status } from '../script/status.js'

const NOTHING_SAID = -2

/** Parts that were sent ahead were gone when their commit came: nothing was applied. */
export class PartsMissing extends DriverFault {
  constructor() {
    super(
      { code: 'unavailable', disposition: 'transient' },
      'parts of a large object were gone before their commit came: the partition was dropped or evicted meanwhile',
    )
  }
}

export interface CommitReply {
  readonly result: CommitResult
  /** Of a journal that is still to be carried out. */
  readonly marker?: Uint8Array
}

export function decodeCommitReply(reply: RedisReply): CommitReply {
  const [code, first, second, last, left, ids, sizes] = listReply(reply)
  switch (numberReply(code)) {
    case status.ok:
      return {
        result: {
          ...applied(first, second, numberReply(last) === 1),
          ...expiryIn(left),
          ...(ids === undefined ? {} : { removed: removedIn(ids, sizes) }),
        },
      }
    case status.decided:
      return { result: { ...applied(first, second, false), ...expiryIn(left) }, marker: bytesReply(last) }
    case status.checksFailed:
      return {
        result: {
          ok: false,
          failedChecks: listReply(second).map(numberReply),
          epoch: decodeEpoch(bytesReply(first)),
          dropped: numberReply(last) === 1,
        },
      }
    case status.partsMissing:
      throw new PartsMissing()
    case status.unreadable:
      throw faultOfMember(bytesReply(first))
    default:
      throw faultOfStatus(numberReply(code))
  }
}

function applied(
  born: RedisReply | undefined,
  epoch: RedisReply | undefined,
  dropped: boolean,
): CommitResult & { readonly ok: true } {
  return { ok: true, created: numberReply(born) === 1, epoch: decodeEpoch(bytesReply(epoch)), dropped }
}

function expiryIn(left: RedisReply | undefined): { readonly ttlMs?: number | null } {
  const ttlMs = left === undefined ? NOTHING_SAID : numberReply(left)
  if (ttlMs === NOTHING_SAID) return {}
  return { ttlMs: ttlMs < 0 ? null : ttlMs }
}

function removedIn(ids: RedisReply, sizes: RedisReply | undefined): RemovedObject[] {
  const bytes = listReply(sizes).map(numberReply)
  return idsIn(bytesReply(ids)).map((id, at) => ({ id, bytes: bytes[at] ?? 0 }))
}

/** Decoding what the script could not read finds the reason, and names what it is. */
export function faultOfMember(member: Uint8Array): Error {
  if (member[0] === tag.object) decodeObjectHead(member)
  else decodeRecord(member)
  return corrupt('a stored value is damaged')
}
