/**
 * How a commit travels. A script copies each argument some times over, and while it runs nobody else is served: a megabyte
 * costs the server milliseconds, and so do some hundred mutations. So what is large goes ahead of the script, by plain
 * commands: the parts of large objects and records, and, of a commit of many mutations, the mutations themselves as a journal. The
 * script makes the parts visible, and decides the journal, which is then carried out step by step while nobody sees the partition.
 *
 * All that is staged comes with notes, which the commit removes: what a commit leaves behind that failed halfway is found by
 * its notes, and removed by the commits that come later.
 */

import type { InsertMutation, Mutation, ObjectMutation, PutMutation } from '@cairnkit/core/driver'
import { concatBytes } from '../encoding/bytes.js'
import { encodeJournalEntry, encodeJournalNote } from '../encoding/journal.js'
import { type SplitObject, encodeNote, encodeSplit } from '../encoding/object-member.js'
import { encodeRecordNote, encodeSplitRecord } from '../encoding/record-member.js'
import {
  JOURNAL_NUMBER,
  encodeNumber,
  encodeTime,
  newTokenPrefix,
  stageToken,
} from '../encoding/stage-token.js'

export interface StagingLimits {
  /** An object or a record with more bytes is in parts, and none of them is larger. */
  readonly maxPartBytes: number
  /** How many bytes of objects travel within the script, and how many of records. */
  readonly maxScriptBytes: number
  /** How many mutations travel within the script. */
  readonly maxScriptMutations: number
  /** An object with fewer bytes is never staged: a command of its own costs more than its bytes. */
  readonly minStagedBytes: number
  /** After that time nobody waits for a commit any more. */
  readonly abandonedAfterMs: number
}

/** Members that one plain command adds. */
export type StagedMembers = readonly Uint8Array[]

type RecordMutation = PutMutation | InsertMutation

type Way =
  | 'whole'
  /** In parts, within the script. */
  | 'split'
  /** In parts, ahead of the script. */
  | 'staged'

export class Staging {
  /** Whether the mutations are written into a journal. */
  readonly usesJournal: boolean
  readonly #limits: StagingLimits
  readonly #isStageable: boolean
  readonly #now: number
  readonly #objects: ReadonlySet<Mutation>
  readonly #commands: StagedMembers[] = []
  #prefix: Uint8Array = new Uint8Array()
  #tokens = 0
  /** Of parts and entries. */
  #members = 0
  #entries: Uint8Array[] = []
  #entryBytes = 0
  #entryCount = 0

  /** `usesJournal`: even where the mutations look few. */
  constructor(
    mutations: readonly Mutation[],
    limits: StagingLimits,
    { usesJournal = false, now = Date.now() }: { readonly usesJournal?: boolean; readonly now?: number } = {},
  ) {
    this.#limits = limits
    this.#now = now
    // What is staged lies in the partition, and would be dropped with it.
    this.#isStageable = !mutations.some(({ type }) => type === 'drop')
    this.#objects = this.#isStageable ? toStage(mutations, limits) : new Set()
    this.usesJournal =
      this.#isStageable &&
      (usesJournal ||
        mutations.length > limits.maxScriptMutations ||
        recordBytes(mutations, limits) > limits.maxScriptBytes)
  }

  /** What the tokens begin with; empty as long as none was needed. */
  get prefix(): Uint8Array {
    return this.#prefix
  }

  /** Whether they could be. */
  get mayUseJournal(): boolean {
    return this.#isStageable
  }

  wayOf(object: ObjectMutation): Way {
    if (this.#objects.has(object)) return 'staged'
    return object.bytes.length > this.#limits.maxPartBytes ? 'split' : 'whole'
  }

  isInParts({ bytes }: RecordMutation): boolean {
    return this.#isStageable && bytes.length > this.#limits.maxPartBytes
  }

  /** Gives the member of the record; its parts go ahead of the script. */
  stageRecord(record: RecordMutation): Uint8Array {
    const token = this.#token(this.#tokens++)
    const { member, parts } = encodeSplitRecord(record, token, this.#limits.maxPartBytes)
    const note = encodeRecordNote(token, record.key)
    this.#stageParts(note, parts)
    return member
  }

  split(object: ObjectMutation): SplitObject {
    return encodeSplit(object, this.#token(this.#tokens++), this.#limits.maxPartBytes)
  }

  stage(object: ObjectMutation): SplitObject {
    const split = this.split(object)
    this.#stageParts(encodeNote(split.token, object.id), split.parts)
    return split
  }

  /** Adds a mutation to the journal: its letter and its arguments, as `apply.lua` takes them. */
  note(letter: string, ...args: Uint8Array[]): void {
    const entry = encodeJournalEntry(this.#token(JOURNAL_NUMBER), this.#entryCount++, letter, args)
    this.#members++
    this.#entries.push(entry)
    this.#entryBytes += entry.length
    if (this.#entryBytes >= this.#limits.maxPartBytes || this.#entries.length >= MAX_ENTRIES) this.#flush()
  }

  /** What has to be sent ahead of the script. */
  commands(): readonly StagedMembers[] {
    this.#flush()
    return this.#commands
  }

  /** What the script is told: what is abandoned by now, and what was staged for it. */
  argument(): Uint8Array {
    const abandoned = encodeTime(this.#now - this.#limits.abandonedAfterMs)
    return this.#members === 0 ? abandoned : concatBytes(abandoned, this.prefix, encodeNumber(this.#members))
  }

  #stageParts(note: Uint8Array, parts: readonly Uint8Array[]): void {
    for (const part of parts) this.#commands.push([note, part])
    this.#members += parts.length
  }

  #token(number: number): Uint8Array {
    if (this.#prefix.length === 0) this.#prefix = newTokenPrefix(this.#now)
    return stageToken(this.#prefix, number)
  }

  #flush(): void {
    if (this.#entries.length === 0) return
    this.#commands.push([encodeJournalNote(this.#token(JOURNAL_NUMBER)), ...this.#entries])
    this.#entries = []
    this.#entryBytes = 0
  }
}

/** How many entries of a journal one command adds: each costs about a microsecond. */
const MAX_ENTRIES = 256

/** Of those that are not in parts. */
function recordBytes(mutations: readonly Mutation[], limits: StagingLimits): number {
  let sum = 0
  for (const mutation of mutations) {
    if (mutation.type !== 'put' && mutation.type !== 'insert') continue
    if (mutation.bytes.length <= limits.maxPartBytes) sum += mutation.bytes.length
  }
  return sum
}

/** What is too large for a script by itself; and of the rest the largest, until the others fit. */
function toStage(mutations: readonly Mutation[], limits: StagingLimits): ReadonlySet<Mutation> {
  const staged = new Set<Mutation>()
  let bytes = 0
  for (const mutation of mutations) {
    if (mutation.type !== 'object') continue
    if (mutation.bytes.length > limits.maxPartBytes) staged.add(mutation)
    else bytes += mutation.bytes.length
  }
  if (bytes <= limits.maxScriptBytes) return staged
  const rest = mutations.filter(
    (mutation): mutation is ObjectMutation =>
      mutation.type === 'object' &&
      mutation.bytes.length >= limits.minStagedBytes &&
      mutation.bytes.length <= limits.maxPartBytes,
  )
  for (const object of rest.sort((left, right) => right.bytes.length - left.bytes.length)) {
    if (bytes <= limits.maxScriptBytes) break
    staged.add(object)
    bytes -= object.bytes.length
  }
  return staged
}
