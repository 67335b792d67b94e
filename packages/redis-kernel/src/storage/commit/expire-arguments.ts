/** An expiry as arguments of `commit.lua`, whose header lists them. */

import {
  type ExpireMutation,
  type Mutation,
  type Tuple,
  compareTuples,
  lifetimeIn,
} from '@cairnkit/core/driver'
import { recordBounds, recordName } from '../encoding/bounds.js'
import { concatBytes } from '../encoding/bytes.js'

type Argument = string | Uint8Array

/** In the place of milliseconds: the expiry stays as it is, or a record says nothing of it. */
const UNCHANGED = '='
const FOR_EVER = ''
const END = 0

export function expireArguments({ ttlMs, decidedBy = [], ifNone }: ExpireMutation): Argument[] {
  return argumentsOf(
    wordFor(ttlMs),
    decidedBy.map((key) => lookedUp(key)),
    ifNone,
  )
}

/**
 * The same where the mutations go into a journal: the script decides before they are carried out, so it is told here what they
 * do to the records that decide.
 */
export function expireAheadArguments(
  { ttlMs, decidedBy = [], ifNone }: ExpireMutation,
  mutations: readonly Mutation[],
): Argument[] {
  const deciding: Uint8Array[] = []
  for (const key of decidedBy) {
    const { isLookedUp, word } = afterAll(key, mutations)
    if (isLookedUp) deciding.push(lookedUp(key, word))
    else if (word !== UNCHANGED) return argumentsOf(word, deciding, ifNone)
  }
  return argumentsOf(wordFor(ttlMs), deciding, ifNone)
}

function argumentsOf(word: string, deciding: readonly Uint8Array[], ifNone = false): Argument[] {
  return [ifNone ? 'y' : 'x', word, deciding.length === 0 ? '' : Buffer.concat(deciding)]
}

/** `otherwise`: what counts as said where the record is not there. */
function lookedUp(key: Tuple, otherwise: string = UNCHANGED): Uint8Array {
  return concatBytes(recordName(key), Buffer.from(otherwise), END)
}

interface Outcome {
  /** Whether the record that is stored now counts, if there is one. */
  readonly isLookedUp: boolean
  /** What counts as said if not. */
  readonly word: string
}

/** What a record says when all mutations are carried out. */
function afterAll(key: Tuple, mutations: readonly Mutation[]): Outcome {
  let outcome: Outcome & { readonly isThere?: boolean } = { isLookedUp: true, word: UNCHANGED }
  for (const mutation of mutations) {
    switch (mutation.type) {
      case 'put':
        if (compareTuples(mutation.key, key) === 0)
          outcome = { isLookedUp: false, word: wordIn(mutation.bytes), isThere: true }
        continue
      case 'insert':
        if (compareTuples(mutation.key, key) === 0 && outcome.isThere !== true)
          outcome = { ...outcome, word: wordIn(mutation.bytes), isThere: true }
        continue
      case 'delete':
        if (compareTuples(mutation.key, key) === 0) outcome = { isLookedUp: false, word: UNCHANGED }
        continue
      case 'deleteRange':
        if (covers(mutation, key)) outcome = { isLookedUp: false, word: UNCHANGED }
        continue
      case 'drop':
        outcome = { isLookedUp: false, word: UNCHANGED }
        continue
      case 'object':
      case 'sweep':
      case 'expire':
    }
  }
  return outcome
}

function covers(range: Parameters<typeof recordBounds>[0], key: Tuple): boolean {
  const { lower, upper } = recordBounds(range)
  const name = recordName(key)
  return Buffer.compare(name, lower.subarray(1)) >= 0 && Buffer.compare(name, upper.subarray(1)) < 0
}

function wordIn(bytes: Uint8Array): string {
  const lifetime = lifetimeIn(bytes)
  if (lifetime === undefined) return UNCHANGED
  return lifetime === 'for ever' ? FOR_EVER : String(lifetime)
}

function wordFor(ttlMs: number | null | 'unchanged'): string {
  if (ttlMs === 'unchanged') return UNCHANGED
  return ttlMs === null ? FOR_EVER : String(ttlMs)
}
