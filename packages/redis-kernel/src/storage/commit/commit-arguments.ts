/** A batch as the arguments of `commit.lua`, whose header lists them, and as what is staged ahead of it. */

import { type Batch, type Check, type Mutation, newEpoch } from '@cairnkit/core/driver'
import { recordBounds, recordName, recordPrefix } from '../encoding/bounds.js'
import { encodeEpoch } from '../encoding/epoch-member.js'
import { concatIds } from '../encoding/object-ids.js'
import { encodeExpectedSplit, encodeRecord } from '../encoding/record-member.js'
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
  /** How many sweeps are carried out in steps. What they could not read is to be found before that is decided. */
  readonly sweepsInSteps: number
  /** Where only the server can tell whether the mutations are too much for one script. */
  readonly bounded?: Bounded
}

/** Checks of our own stand behind those of the batch, and hold where the mutations are not too much for one script. */
interface Bounded {
  /** How many checks the batch has. */
  readonly checks: number
  /** What is sent when only checks of our own have failed. */
  readonly inSteps: EncodedCommit
}

export interface EncodingOptions {
  readonly limits: StagingLimits
  /** What the server has found to be too much for one script goes into a journal. @default false */
  readonly isTooMuch?: boolean
  /** Replicas must be sent something, so that waiting for them means something. */
  readonly leavesTrace: boolean
}

/** Copies every byte it is given: the caller may change its arrays as soon as this returns. */
export function encodeCommit(batch: Batch, options: EncodingOptions): EncodedCommit {
  const { limits, leavesTrace, isTooMuch = false } = options
  const mutations = batch.mutations ?? []
  const sweeps = mutations.filter(({ type }) => type === 'sweep').length
  const staging = new Staging(mutations, limits, { usesJournal: isTooMuch })
  const checks = batch.checks ?? []
  const mayBeTooMuch = staging.mayUseJournal && !staging.usesJournal
  const bounds = mayBeTooMuch ? mutations.flatMap(boundArguments) : []
  const epoch = encodeEpoch(newEpoch())
  const args: Argument[] = [
    epoch,
    `${sweeps > 0 && !staging.usesJournal ? 's' : ''}${mayBeTooMuch && sweeps > 0 ? 'j' : ''}${leavesTrace ? 't' : ''}`,
    '',
    String(checks.length + bounds.length),
  ]
  for (const check of checks) args.push(...checkArguments(check, limits))
  for (const bound of bounds) args.push(...bound)
  if (staging.usesJournal) pushJournal(args, mutations, staging, epoch)
  else for (const mutation of mutations) pushMutation(args, mutation, staging)
  const staged = staging.commands()
  args[STAGED_AT] = staging.argument()
  const encoded = { args, staged, prefix: staging.prefix, sweepsInSteps: staging.usesJournal ? sweeps : 0 }
  if (!mayBeTooMuch || (bounds.length === 0 && sweeps === 0)) return encoded
  const inSteps = encodeCommit(batch, { ...options, isTooMuch: true })
  return { ...encoded, bounded: { checks: checks.length, inSteps } }
}

/** The script looks how much a range removes: what is too much for it goes into a journal. */
function boundArguments(mutation: Mutation): Argument[][] {
  if (mutation.type !== 'deleteRange') return []
  const { lower, upper } = recordBounds(mutation)
  return [['R', lower, upper]]
}

/** Changes nothing, and has something that replicas confirm. */
export function traceArguments(): readonly Argument[] {
  return [encodeEpoch(newEpoch()), 't', encodeTime(0), '0']
}

function checkArguments(check: Check, limits: StagingLimits): Argument[] {
  switch (check.type) {
    case 'epoch':
      return ['E', check.epoch === null ? '' : encodeEpoch(check.epoch)]
    case 'absent':
      return ['A', recordName(check.key)]
    case 'present':
      return ['P', recordName(check.key)]
    case 'equals':
      return check.bytes.length > limits.maxPartBytes
        ? ['S', encodeExpectedSplit(check)]
        : ['Q', encodeRecord(check)]
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
