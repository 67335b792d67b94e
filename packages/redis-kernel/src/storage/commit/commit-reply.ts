/** The reply of `commit.lua`, whose header lists it. */

import { type CommitResult, DriverFault, corrupt } from '@cairnkit/core/driver'
import { decodeEpoch } from '../encoding/epoch-member.js'
import { decodeObjectHead } from '../encoding/object-member.js'
import { decodeRecord } from '../encoding/record-member.js'
import { tag } from '../encoding/tags.js'
import type { RedisReply } from '../../redis-transport.js'
import { bytesReply, listReply, numberReply } from '../script/reply.js'
import { faultOfStatus, status } from '../script/status.js'

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
  const [code, first, second, last] = listReply(reply)
  switch (numberReply(code)) {
    case status.ok:
      return { result: applied(first, second, numberReply(last) === 1) }
    case status.decided:
      return { result: applied(first, second, false), marker: bytesReply(last) }
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

/** Decoding what the script could not read finds the reason, and names what it is. */
export function faultOfMember(member: Uint8Array): Error {
  if (member[0] === tag.object) decodeObjectHead(member)
  else decodeRecord(member)
  return corrupt('a stored value is damaged')
}
