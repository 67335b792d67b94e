/** Reads as the arguments of `read.lua`, whose header lists them. */

import type { Follow, ObjectId, Read } from '@cairnkit/core/driver'
import { concatIds } from '../encoding/object-ids.js'
import { groupBounds, recordBounds, recordName, recordPrefix } from '../encoding/bounds.js'

type Argument = string | Uint8Array

/** The letter of a read and its arguments. */
export type ReadRequest = readonly Argument[]

/** How much one script gives, before it leaves the rest to other commands; `all`: everything at once. */
export type Budget = number | 'all'

export function readArguments(
  requests: readonly ReadRequest[],
  budget: Budget,
  known: readonly ObjectId[],
  /** What is asked for is the rest of what was given at this instant. */
  instant: Uint8Array | string = '',
): Argument[] {
  const args: Argument[] = [budget === 'all' ? '' : String(budget), concatIds(known), instant]
  for (const request of requests) args.push(...request)
  return args
}

export function readRequest(read: Read): ReadRequest {
  switch (read.type) {
    case 'get':
      return ['g', recordName(read.key), followFlag(read.follow)]
    case 'range': {
      const { lower, upper } = recordBounds(read)
      return ['r', lower, upper, limitOf(read.limit), flag(read.reverse), followFlag(read.follow)]
    }
    case 'groups': {
      const { lower, upper } = groupBounds(read)
      return [
        ...['G', recordPrefix(read.prefix), lower, upper, limitOf(read.limit)],
        ...[flag(read.reverse), flag(read.orphans), followFlag(read.follow)],
      ]
    }
    case 'names': {
      const { lower, upper } = groupBounds(read)
      return ['n', recordPrefix(read.prefix), lower, upper, limitOf(read.limit), flag(read.reverse)]
    }
    case 'count': {
      const { lower, upper } = recordBounds(read)
      return ['c', lower, upper]
    }
    case 'objects':
      return ['o', followFlag(read.follow), concatIds(read.ids)]
    case 'info':
      return ['i']
    case 'time':
      return ['t']
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
