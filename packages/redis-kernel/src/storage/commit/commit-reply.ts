/** The reply of `commit.lua`, whose header lists it. */

import {
  type CommitResult,
  DriverFault,
  type Epoch,
  type RemovedObject,
  corrupt,
} from '@cairnkit/core/driver'
import { viewOf } from '../encoding/bytes.js'
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

export type CommitReply =
  | { readonly result: CommitResult; readonly marker?: undefined }
  /** Of a journal that is still to be carried out. */
  | { readonly result: CommitResult & { readonly ok: true }; readonly marker: Uint8Array }

/** What carrying a journal out has come to. */
export interface CarriedOut {
  readonly epoch: Epoch | null
  /** For each sweep what it removed, as far as that is known: not where somebody else had begun it. */
  readonly swept: readonly (readonly RemovedObject[])[]
}

export function decodeCommitReply(reply: RedisReply): CommitReply {
  const [code, first, second, last, left, removed] = listReply(reply)
  switch (numberReply(code)) {
    case status.ok:
      return {
        result: {
          ...applied(first, second, numberReply(last) === 1),
          ...expiry(left),
          ...(removed === undefined ? {} : { removed: decodeRemoved(removed) }),
        },
      }
    case status.decided:
      return { result: { ...applied(first, second, false), ...expiry(left) }, marker: bytesReply(last) }
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

const FOR_EVER = -1
const NOT_ASKED = -2

function expiry(left: RedisReply | undefined): { ttlMs?: number | null } {
  const ttlMs = left === undefined ? NOT_ASKED : numberReply(left)
  if (ttlMs === NOT_ASKED) return {}
  return { ttlMs: ttlMs === FOR_EVER ? null : ttlMs }
}

/** Ids and sizes by turns. */
function decodeRemoved(reply: RedisReply): RemovedObject[] {
  const items = listReply(reply)
  return Array.from({ length: items.length / 2 }, (_, at) => ({
    id: viewOf(bytesReply(items[2 * at])).toString('hex'),
    bytes: numberReply(items[2 * at + 1]),
  }))
}

/** What a commit says that was decided, and then carried out: `sweeps` it had. */
export function resultOfSteps(
  result: CommitResult & { readonly ok: true },
  { epoch, swept }: CarriedOut,
  sweeps: number,
): CommitResult & { readonly ok: true } {
  const { ttlMs: _, ...rest } = result
  return {
    ...(epoch === null ? rest : result),
    epoch,
    ...(sweeps > 0 && swept.length === sweeps ? { removed: swept.flat() } : {}),
  }
}

/** Decoding what the script could not read finds the reason, and names what it is. */
export function faultOfMember(member: Uint8Array): Error {
  if (member[0] === tag.object) decodeObjectHead(member)
  else decodeRecord(member)
  return corrupt('a stored value is damaged')
}
