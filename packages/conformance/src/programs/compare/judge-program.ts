import type { Program } from '../plan/program.js'
import type { Difference } from './compare-program.js'
import type { KnownDifference } from './known-difference.js'
import { type ProgramSubject, differenceOf } from './subject.js'

/** The result of a program. */
export type Verdict<Options> =
  | { readonly kind: 'same' }
  /** It differs, but not without these causes. Each of them is needed to explain the difference. */
  | { readonly kind: 'known'; readonly causes: readonly KnownDifference<Options>[] }
  /** It differs even without all known causes that it could have. */
  | {
      readonly kind: 'unknown'
      readonly difference: Difference
      readonly without: readonly KnownDifference<Options>[]
    }

/** Runs a program. If it differs, finds out whether the difference is known. */
export async function judgeProgram<Options>(
  subject: ProgramSubject<Options>,
  program: Program,
): Promise<Verdict<Options>> {
  const found = await differenceOf(subject, program)
  if (found === undefined) return { kind: 'same' }
  let causes = excusesOf(subject, program)
  const left = causes.length === 0 ? found : await differenceOf(subject, program, causes)
  if (left !== undefined) return { kind: 'unknown', difference: left, without: causes }
  for (const cause of causes) {
    const others = causes.filter((other) => other !== cause)
    if (others.length > 0 && (await differenceOf(subject, program, others)) === undefined) causes = others
  }
  return { kind: 'known', causes }
}

/** The known causes that a program could have. */
export function excusesOf<Options>(
  { known = [] }: ProgramSubject<Options>,
  program: Program,
): readonly KnownDifference<Options>[] {
  return known.filter(({ concerns }) => concerns(program))
}
