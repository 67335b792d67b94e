/** Mutations as arguments of `commit.lua`, or as a journal for `apply.lua`. The headers of the two list the letters. */

import type { InsertMutation, Mutation, ObjectMutation, PutMutation } from '@cairnkit/core/driver'
import { recordBounds, recordName } from '../encoding/bounds.js'
import { encodeBoundsPair } from '../encoding/journal.js'
import { encodeWhole } from '../encoding/object-member.js'
import { encodeRecord } from '../encoding/record-member.js'
import { expireAheadArguments, expireArguments } from './expire-arguments.js'
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
      args.push(...expireArguments(mutation))
      return
    case 'drop':
      args.push('X', mutation.tombstoneMs === null ? '' : String(mutation.tombstoneMs))
  }
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
        args.push(...expireAheadArguments(mutation, mutations))
        continue
      case 'drop':
        pushMutation(args, mutation, staging)
    }
  }
  const givesBirth = mutations.some(({ type }) => type === 'put' || type === 'insert' || type === 'object')
  args.push('j', givesBirth ? '1' : '0')
}
