/** A batch as the arguments of `commit.lua`, whose header lists them, and as what is staged ahead of it. */

import { type Batch, type Check, newEpoch } from '@cairnkit/core/driver'
import { recordName, recordPrefix } from '../encoding/bounds.js'
import { encodeEpoch } from '../encoding/epoch-member.js'
import { concatIds } from '../encoding/object-ids.js'
import { encodeRecord } from '../encoding/record-member.js'
import { encodeTime } from '../encoding/stage-token.js'
import { pushJournal, pushMutation } from './mutation-arguments.js'
import { type StagedMembers, Staging, type StagingLimits } from './staging.js'

type Argument = string | Uint8Array

/** Where the script is told what was staged for it. */
const STAGED_AT = 2

/** What is sent for a commit. */
export interface EncodedCommit {
  readonly args: readonly Argument[]
  /** What is to be added ahead of it, the members of each command. Empty for most. */
  readonly staged: readonly StagedMembers[]
  /** What the tokens of that begin with, empty where nothing is staged. */
  readonly prefix: Uint8Array
}

export interface EncodingOptions {
  readonly limits: StagingLimits
  /** Replicas must be sent something, so that waiting for them means something. */
  readonly leavesTrace: boolean
}

/** Copies every byte it is given: the caller may change its arrays as soon as this returns. */
export function encodeCommit(batch: Batch, { limits, leavesTrace }: EncodingOptions): EncodedCommit {
  const checks = batch.checks ?? []
  const mutations = batch.mutations ?? []
  const sweeps = mutations.some((mutation) => mutation.type === 'sweep')
  const staging = new Staging(mutations, limits)
  const args: Argument[] = [
    encodeEpoch(newEpoch()),
    `${sweeps ? 's' : ''}${leavesTrace ? 't' : ''}`,
    '',
    String(checks.length),
  ]
  for (const check of checks) args.push(...checkArguments(check))
  if (staging.usesJournal) pushJournal(args, mutations, staging)
  else for (const mutation of mutations) pushMutation(args, mutation, staging)
  const staged = staging.commands()
  args[STAGED_AT] = staging.argument()
  return { args, staged, prefix: staging.prefix }
}

/** Changes nothing, and has something that replicas confirm. */
export function traceArguments(): readonly Argument[] {
  return [encodeEpoch(newEpoch()), 't', encodeTime(0), '0']
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
