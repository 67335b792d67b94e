import type { Outcome, Place } from './collecting-runner.js'

/** Runs a suite on one implementation: all of it, or the tests that are wanted. */
export type RunSuite = (wanted?: (place: Place) => boolean) => Promise<Outcome[]>

/** A wrong implementation, and the tests that must notice. */
export interface Fault {
  /** Says what it does wrong, as in "a driver that NAME". */
  readonly name: string
  readonly noticedBy: readonly string[]
}

/** That a suite can fail: a right implementation, and many that are wrong in one point each. */
export interface Proof {
  /** The function that declares the suite. */
  readonly suite: string
  /** What is broken, as in "a driver". */
  readonly kind: string
  readonly runUnbroken: RunSuite
  readonly broken: readonly BrokenImplementation[]
}

export interface BrokenImplementation extends Fault {
  readonly runSuite: RunSuite
}

export interface Judgement {
  /** The tests that failed. */
  readonly caughtBy: readonly Outcome[]
  /** The names of tests that had to fail, and did not, or that the suite does not have. */
  readonly missedBy: readonly string[]
}

export type Extent = 'named tests' | 'whole suite'

/** Runs the tests that must notice, or all. */
export async function judge(
  { runSuite, noticedBy }: BrokenImplementation,
  extent: Extent = 'named tests',
): Promise<Judgement> {
  const outcomes = await runSuite(
    extent === 'whole suite' ? undefined : ({ name }) => noticedBy.includes(name),
  )
  const caughtBy = outcomes.filter(({ state }) => state === 'failed')
  const names = new Set(caughtBy.map(({ name }) => name))
  return { caughtBy, missedBy: noticedBy.filter((name) => !names.has(name)) }
}

/** The section of a suite that a test belongs to. */
export function sectionOf({ sections }: Place): string {
  return sections.slice(1).join(', ')
}

export function repeatedNames(places: readonly Place[]): string[] {
  const names = places.map(({ name }) => name)
  return names.filter((name, at) => names.indexOf(name) !== at)
}

/** The tests that no fault has to turn red. */
export function unprovedTests(places: readonly Place[], faults: readonly Fault[]): string[] {
  const named = new Set(faults.flatMap(({ noticedBy }) => noticedBy))
  return places.map(({ name }) => name).filter((name) => !named.has(name))
}

/** The sections without which every fault would still be noticed. */
export function needlessSections(places: readonly Place[], caught: readonly (readonly Place[])[]): string[] {
  const alone = caught.map((tests) => new Set(tests.map(sectionOf))).filter(({ size }) => size === 1)
  const needed = new Set(alone.flatMap((sections) => [...sections]))
  return [...new Set(places.map(sectionOf))].filter((section) => !needed.has(section))
}
