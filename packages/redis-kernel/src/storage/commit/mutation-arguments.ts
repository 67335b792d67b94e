/** Mutations as arguments of `commit.lua`, or as a journal for `apply.lua`. The headers of the two list the letters. */

import {
  type ExpireMutation,
  type InsertMutation,
  type Mutation,
  type ObjectMutation,
  type PutMutation,
  type Tuple,
  compareTuples,
  lifetimeIn,
} from '@cairnkit/core/driver'
import { recordBounds, recordName } from '../encoding/bounds.js'
import { encodeBoundsPair } from '../encoding/journal.js'
import { encodeWhole } from '../encoding/object-member.js'
import { encodeRecord } from '../encoding/record-member.js'
import type { Staging } from './staging.js'

type Argument = string | Uint8Array

export function pushMutation(args: Argument[], mutation: Mutation, staging: Staging): void {
  switch (mutation.type) {
    case 'put':
    case 'insert':
      args.push(...recordArguments(mutation, staging))
      return
    case 'delete':
      args.push('d', recordName(mutation.key))
      return
    case 'deleteRange': {
      const { lower, upper } = recordBounds(mutation)
      args.push('D', lower, upper)
      return
    }
    case 'object':
      pushObject(args, mutation, staging)
      return
    case 'sweep':
      args.push('s')
      return
    case 'expire':
      pushExpire(args, mutation)
      return
    case 'drop':
      args.push('X', mutation.tombstoneMs === null ? '' : String(mutation.tombstoneMs))
  }
}

function pushExpire(args: Argument[], { ttlMs, decidedBy = [], ifNone }: ExpireMutation): void {
  const ttl = ttlMs === null ? '' : ttlMs === 'unchanged' ? '=' : String(ttlMs)
  args.push('x', ttl, ifNone === true ? '1' : '0', String(decidedBy.length), ...decidedBy.map(recordName))
}

function recordArguments(
  record: PutMutation | InsertMutation,
  staging: Staging,
): [letter: string, member: Uint8Array] {
  const replaces = record.type === 'put'
  if (staging.isInParts(record)) return [replaces ? 'b' : 'B', staging.stageRecord(record)]
  return [replaces ? 'p' : 'i', encodeRecord(record)]
}

function pushObject(args: Argument[], object: ObjectMutation, staging: Staging): void {
  switch (staging.wayOf(object)) {
    case 'whole':
      args.push('o', encodeWhole(object), '0')
      return
    case 'split': {
      const { head, parts } = staging.split(object)
      args.push('o', head, String(parts.length), ...parts)
      return
    }
    case 'staged': {
      const { head, token } = staging.stage(object)
      args.push('l', head, token)
    }
  }
}

/**
 * The mutations go into the journal, but for what speaks of the partition as the batch leaves it. `epoch`: what the partition
 * gets if a sweep removes something.
 */
export function pushJournal(
  args: Argument[],
  mutations: readonly Mutation[],
  staging: Staging,
  epoch: Uint8Array,
): void {
  for (const mutation of mutations) {
    switch (mutation.type) {
      case 'put':
      case 'insert':
        staging.note(...recordArguments(mutation, staging))
        continue
      case 'delete':
        staging.note('d', recordName(mutation.key))
        continue
      case 'deleteRange': {
        const { lower, upper } = recordBounds(mutation)
        staging.note('D', encodeBoundsPair(lower, upper))
        continue
      }
      case 'object': {
        if (staging.wayOf(mutation) === 'whole') {
          staging.note('o', encodeWhole(mutation))
          continue
        }
        const { head, token } = staging.stage(mutation)
        staging.note('l', token, head)
        continue
      }
      case 'sweep':
        staging.note('s', epoch)
        continue
      case 'expire':
        pushExpire(args, foreseen(mutation, mutations))
        continue
      case 'drop':
        pushMutation(args, mutation, staging)
    }
  }
  const givesBirth = mutations.some(({ type }) => type === 'put' || type === 'insert' || type === 'object')
  args.push('j', givesBirth ? '1' : '0')
}

/**
 * An expiry that is set when a journal is decided, and so before its records are there: what these say is known already. What a
 * record says that is inserted only where there is none is not.
 */
function foreseen(expire: ExpireMutation, mutations: readonly Mutation[]): ExpireMutation {
  const decidedBy: Tuple[] = []
  for (const key of expire.decidedBy ?? []) {
    const last = mutations.findLast(
      (mutation) =>
        (mutation.type === 'put' || mutation.type === 'delete') && compareTuples(mutation.key, key) === 0,
    )
    if (last === undefined) decidedBy.push(key)
    else if (last.type === 'put') {
      const lifetime = lifetimeIn(last.bytes)
      if (lifetime === undefined) continue
      return { ...expire, decidedBy, ttlMs: lifetime === 'for ever' ? null : lifetime }
    }
  }
  return { ...expire, decidedBy }
}
