/** Mutations as arguments of `commit.lua`, or as a journal for `apply.lua`. The headers of the two list the letters. */

import type { Mutation, ObjectMutation } from '@cairnkit/core/driver'
import { recordBounds, recordName } from '../encoding/bounds.js'
import { encodeBoundsPair } from '../encoding/journal.js'
import { encodeWhole } from '../encoding/object-member.js'
import { encodeRecord } from '../encoding/record-member.js'
import type { Staging } from './staging.js'

type Argument = string | Uint8Array

export function pushMutation(args: Argument[], mutation: Mutation, staging: Staging): void {
  switch (mutation.type) {
    case 'put':
      args.push('p', encodeRecord(mutation))
      return
    case 'insert':
      args.push('i', encodeRecord(mutation))
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
      args.push('x', mutation.ttlMs === null ? '' : String(mutation.ttlMs))
      return
    case 'drop':
      args.push('X', mutation.tombstoneMs === null ? '' : String(mutation.tombstoneMs))
  }
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

/** The mutations go into the journal, but for what speaks of the partition as the batch leaves it. */
export function pushJournal(args: Argument[], mutations: readonly Mutation[], staging: Staging): void {
  for (const mutation of mutations) {
    switch (mutation.type) {
      case 'put':
        staging.note('p', encodeRecord(mutation))
        continue
      case 'insert':
        staging.note('i', encodeRecord(mutation))
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
      case 'drop':
      case 'expire':
        pushMutation(args, mutation, staging)
    }
  }
  const givesBirth = mutations.some(({ type }) => type === 'put' || type === 'insert' || type === 'object')
  args.push('j', givesBirth ? '1' : '0')
}
