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
import type { RedisReply } from '../../redis-transport.js'
import { bytesListReply, bytesReply, listReply, numberReply } from '../script/reply.js'
import { faultOfStatus, status } from '../script/status.js'

export interface ReadReply {
  readonly epoch: Epoch | null
  /** One for each read. */
  readonly answers: readonly RedisReply[]
  /** The `o` members that the script gathered. */
  readonly objects: readonly Uint8Array[]
  /** Those it looked for and did not find. */
  readonly absent: readonly ObjectId[]
}

export function decodeReadReply(reply: RedisReply): ReadReply {
  const [code, first, answers, objects, absent] = listReply(reply)
  switch (numberReply(code)) {
    case status.ok:
      return {
        epoch: decodeEpoch(bytesReply(first)),
        answers: listReply(answers),
        objects: bytesListReply(objects),
        absent: bytesListReply(absent).map((id) => viewOf(id).toString('hex')),
      }
    case status.unreadable:
      throw damagedKey(bytesReply(first).subarray(1))
    default:
      throw faultOfStatus(numberReply(code))
  }
}

export function decodeRecords(answer: RedisReply | undefined): StoredRecord[] {
  const records = bytesListReply(answer).map(decodeRecord)
  for (const [at, { key }] of records.entries()) {
    const neighbour = records[at - 1]?.key
    // Only one of them was stored under this key, and nobody can tell which.
    if (neighbour !== undefined && isSameKey(key, neighbour))
      throw corrupt(`${describeRecord(key)} is there twice`)
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
