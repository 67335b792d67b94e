/** The reply of `read.lua`, whose header lists it: records decoded, objects not yet handed out to their reads. */

import {
  type Epoch,
  type Group,
  type GroupsRead,
  type ObjectId,
  type StoredRecord,
  type Tuple,
  corrupt,
  decodeElement,
  describeRecord,
} from '@cairnkit/core/driver'
import { viewOf } from '../encoding/bytes.js'
import { decodeEpoch } from '../encoding/epoch-member.js'
import { damagedKey, decodeRecord } from '../encoding/record-member.js'
import { type SplitMarker, joinParts } from '../encoding/split-value.js'
import { tag } from '../encoding/tags.js'
import type { RedisReply } from '../../redis-transport.js'
import { bytesListReply, bytesReply, listReply, numberReply } from '../script/reply.js'
import { faultOfStatus, status } from '../script/status.js'
import type { ReadRequest } from './read-arguments.js'

export interface ReadReply {
  readonly epoch: Epoch | null
  /** One for each read. */
  readonly answers: readonly RedisReply[]
  /** The `o` members that the script gathered. */
  readonly objects: readonly Uint8Array[]
  /** Those it looked for and did not find. */
  readonly absent: readonly ObjectId[]
}

/** What one script gives. */
interface ReadPage extends ReadReply {
  /** What does not fit: the rest of the last answer, and then the reads that have none. */
  readonly rest?: { readonly instant: Uint8Array; readonly requests: readonly ReadRequest[] }
}

/** `undefined`: the instant that was asked for has passed. */
export function decodeReadPage(reply: RedisReply): ReadPage | undefined {
  const [code, first, answers, objects, absent, instant, requests] = listReply(reply)
  switch (numberReply(code)) {
    case status.ok: {
      const page = {
        epoch: decodeEpoch(bytesReply(first)),
        answers: listReply(answers),
        objects: bytesListReply(objects),
        absent: bytesListReply(absent).map((id) => viewOf(id).toString('hex')),
      }
      if (instant === undefined) return page
      return {
        ...page,
        rest: { instant: bytesReply(instant), requests: listReply(requests).map(bytesListReply) },
      }
    }
    case status.passed:
      return undefined
    case status.unreadable:
      throw damagedKey(bytesReply(first).subarray(1))
    default:
      throw faultOfStatus(numberReply(code))
  }
}

/** A record whose bytes are still to come, into the record itself. */
export interface PendingRecord {
  readonly record: { readonly key: Tuple; bytes: Uint8Array }
  readonly content: SplitMarker
}

/** Adds to `pending` those whose parts are not there. */
export function decodeRecords(answer: RedisReply | undefined, pending: PendingRecord[]): StoredRecord[] {
  const members = bytesListReply(answer)
  const records: StoredRecord[] = []
  for (let at = 0; at < members.length;) {
    const { record, split } = decodeRecord(members[at++] as Uint8Array)
    const partsFrom = at
    while (members[at]?.[0] === tag.part) at++
    // Only one of them was stored under this key, and nobody can tell which.
    const neighbour = records.at(-1)
    if (neighbour !== undefined && isSameKey(record.key, neighbour.key))
      throw corrupt(`${describeRecord(record.key)} is there twice`)
    records.push(record)
    if (split === undefined) continue
    const bytes = at > partsFrom ? joinParts(split, members.slice(partsFrom, at)) : undefined
    if (bytes === undefined) pending.push({ record, content: split })
    else record.bytes = bytes
  }
  return records
}

function isSameKey(left: Tuple, right: Tuple): boolean {
  return left.length === right.length && left.every((element, at) => element === right[at])
}

/** Records of one group stand side by side, ascending. */
export function groupRecords(read: GroupsRead, records: readonly StoredRecord[]): Group[] {
  const depth = read.prefix.length
  const groups: { element: string; record: StoredRecord | undefined; members: StoredRecord[] }[] = []
  for (const record of records) {
    const element = record.key[depth]
    if (element === undefined) throw corrupt('a record stands among groups and is in none')
    let group = groups.at(-1)
    if (group?.element !== element) {
      group = { element, record: undefined, members: [] }
      groups.push(group)
    }
    if (record.key.length === depth + 1) group.record = record
    else group.members.push(record)
  }
  return groups
}

export function decodeNames(answer: RedisReply | undefined): string[] {
  return bytesListReply(answer).map((element) => {
    try {
      return decodeElement(element)
    } catch {
      throw damagedKey(element)
    }
  })
}
