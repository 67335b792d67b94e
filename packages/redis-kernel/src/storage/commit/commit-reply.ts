/** The reply of `commit.lua`, whose header lists it. */

import { type CommitResult, corrupt } from '@cairnkit/core/driver'
import { decodeEpoch } from '../encoding/epoch-member.js'
import { decodeObjectHead } from '../encoding/object-member.js'
import { decodeRecord } from '../encoding/record-member.js'
import { tag } from '../encoding/tags.js'
import type { RedisReply } from '../../redis-transport.js'
import { bytesReply, listReply, numberReply } from '../script/reply.js'
import { faultOfStatus, status } from '../script/status.js'

export function commitResult(reply: RedisReply): CommitResult {
  const [code, first, second, dropped] = listReply(reply)
  switch (numberReply(code)) {
    case status.ok:
      return {
        ok: true,
        created: numberReply(first) === 1,
        epoch: decodeEpoch(bytesReply(second)),
        dropped: numberReply(dropped) === 1,
      }
    case status.checksFailed:
      return {
        ok: false,
        failedChecks: listReply(second).map(numberReply),
        epoch: decodeEpoch(bytesReply(first)),
        dropped: numberReply(dropped) === 1,
      }
    case status.unreadable:
      throw faultOfMember(bytesReply(first))
    default:
      throw faultOfStatus(numberReply(code))
  }
}

/** Decoding what the script could not read finds the reason, and names what it is. */
function faultOfMember(member: Uint8Array): Error {
  if (member[0] === tag.object) decodeObjectHead(member)
  else decodeRecord(member)
  return corrupt('a stored value is damaged')
}
