/** A batch as the arguments of `commit.lua`, whose header lists them. */

import { type Batch, type Check, type Mutation, newEpoch } from '@cairnkit/core/driver'
import { recordBounds, recordName, recordPrefix } from '../encoding/bounds.js'
import { encodeEpoch } from '../encoding/epoch-member.js'
import { concatIds } from '../encoding/object-ids.js'
import { encodeObject } from '../encoding/object-member.js'
import { encodeRecord } from '../encoding/record-member.js'

type Argument = string | Uint8Array

/**
 * Copies every byte it is given: the caller may change its arrays as soon as this returns. `leavesTrace`: replicas must
 * be sent something, so that waiting for them means something.
 */
export function commitArguments(batch: Batch, maxPartBytes: number, leavesTrace: boolean): Argument[] {
  const checks = batch.checks ?? []
  const mutations = batch.mutations ?? []
  const sweeps = mutations.some((mutation) => mutation.type === 'sweep')
  const args: Argument[] = [
    encodeEpoch(newEpoch()),
    sweeps ? '1' : '0',
    leavesTrace ? '1' : '0',
    String(checks.length),
  ]
  for (const check of checks) args.push(...checkArguments(check))
  for (const mutation of mutations) pushMutation(args, mutation, maxPartBytes)
  return args
}

function checkArguments(check: Check): Argument[] {
  switch (check.type) {
    case 'epoch':
      return ['E', check.epoch === null ? '' : encodeEpoch(check.epoch)]
    case 'absent':
      return ['A', recordName(check.key)]
    case 'present':
      return ['P', recordName(check.key)]
    case 'equals':
      return ['Q', encodeRecord(check)]
    case 'last':
      return ['L', recordPrefix(check.prefix), check.key === null ? '' : recordPrefix(check.key)]
    case 'head':
      return [
        'H',
        recordPrefix(check.prefix),
        String(check.elements.length),
        ...check.elements.map((element) =>
          element === null ? '' : recordPrefix([...check.prefix, element]),
        ),
      ]
    case 'undropped':
      return ['N', '']
    case 'objects':
      return ['O', concatIds(check.ids)]
  }
}

function pushMutation(args: Argument[], mutation: Mutation, maxPartBytes: number): void {
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
    case 'object': {
      const { head, parts } = encodeObject(mutation, maxPartBytes)
      args.push('o', head, String(parts.length))
      for (const part of parts) args.push(part)
      return
    }
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
