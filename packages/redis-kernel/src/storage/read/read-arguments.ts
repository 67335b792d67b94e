/** Reads as the arguments of `read.lua`, whose header lists them. */

import type { Follow, ObjectId, Read } from '@cairnkit/core/driver'
import { concatIds } from '../encoding/object-ids.js'
import { groupBounds, recordBounds, recordName, recordPrefix } from '../encoding/bounds.js'

type Argument = string | Uint8Array

/** `budgetBytes`: how much the script gathers before it leaves objects to native commands. */
export function readArguments(
  reads: readonly Read[],
  budgetBytes: number,
  known: readonly ObjectId[],
): Argument[] {
  const args: Argument[] = [String(budgetBytes), concatIds(known)]
  for (const read of reads) pushRead(args, read)
  return args
}

function pushRead(args: Argument[], read: Read): void {
  switch (read.type) {
    case 'get':
      args.push('g', recordName(read.key), followFlag(read.follow))
      return
    case 'range': {
      const { lower, upper } = recordBounds(read)
      args.push('r', lower, upper, limitOf(read.limit), flag(read.reverse), followFlag(read.follow))
      return
    }
    case 'groups': {
      const { lower, upper } = groupBounds(read)
      args.push('G', recordPrefix(read.prefix), lower, upper, limitOf(read.limit))
      args.push(flag(read.reverse), flag(read.orphans), followFlag(read.follow))
      return
    }
    case 'names': {
      const { lower, upper } = groupBounds(read)
      args.push('n', recordPrefix(read.prefix), lower, upper, limitOf(read.limit), flag(read.reverse))
      return
    }
    case 'count': {
      const { lower, upper } = recordBounds(read)
      args.push('c', lower, upper)
      return
    }
    case 'objects':
      args.push('o', followFlag(read.follow), concatIds(read.ids))
      return
    case 'info':
      args.push('i')
  }
}

function limitOf(limit: number | undefined): string {
  return String(limit ?? -1)
}

function flag(value: boolean | undefined): string {
  return value === true ? '1' : '0'
}

function followFlag(follow: Follow | undefined): string {
  return flag(follow === 'all')
}
