import { textTable } from '@cairnkit/tool-kit'
import type { Outcome } from './collecting-runner.js'
import {
  type BrokenImplementation,
  type Judgement,
  type Proof,
  needlessSections,
  sectionOf,
} from './proof.js'

export interface Verdict extends Judgement {
  readonly broken: BrokenImplementation
}

/** How many tests are named, of those that failed without having to. */
const NAMED_BESIDE = 3

/** The broken implementations, and by name the tests that caught each. */
export function tableOf({ suite, kind, broken }: Proof, verdicts: readonly Verdict[]): string {
  const rows = verdicts.flatMap((verdict) => {
    const [first = 'NOTHING', ...others] = linesOf(verdict)
    return [[verdict.broken.name, first], ...others.map((line) => ['', line])]
  })
  const caught = verdicts.filter(({ missedBy }) => missedBy.length === 0).length
  return [
    textTable([`${kind} that ...`, `is caught by, in ${suite}`], rows, 2),
    `${caught} of ${broken.length} are caught by every test that must notice`,
  ].join('\n\n')
}

function linesOf({ broken, caughtBy, missedBy }: Verdict): string[] {
  const isNamed = ({ name }: Outcome): boolean => broken.noticedBy.includes(name)
  const beside = caughtBy.filter((outcome) => !isNamed(outcome))
  const more = beside.length - NAMED_BESIDE
  return [
    ...[...caughtBy.filter(isNamed), ...beside.slice(0, NAMED_BESIDE)].map(placeOf),
    ...(more > 0 ? [`and ${more} more`] : []),
    ...missedBy.map((name) => `NOT BY: ${name}`),
  ]
}

function placeOf(outcome: Outcome): string {
  return `${sectionOf(outcome)}: ${outcome.name}`
}

/** After a run of the whole suite: what of it could go, and every broken implementation would be caught all the same. */
export function whatNothingDependsOn(unbroken: readonly Outcome[], verdicts: readonly Verdict[]): string {
  const failed = new Set(verdicts.flatMap(({ caughtBy }) => caughtBy.map(({ name }) => name)))
  const ran = unbroken.filter(({ state }) => state === 'passed')
  const green = ran.filter(({ name }) => !failed.has(name))
  const sections = needlessSections(
    ran,
    verdicts.map(({ caughtBy }) => caughtBy),
  )
  return [
    `${ran.length - green.length} of ${ran.length} tests were seen to fail; always green:`,
    ...green.map((outcome) => `  ${placeOf(outcome)}`),
    `sections without which each would be caught: ${sections.join(', ') || 'none'}`,
  ].join('\n')
}
