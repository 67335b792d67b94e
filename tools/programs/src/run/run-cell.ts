import {
  type Feature,
  type ProgramSubject,
  StalledStep,
  differenceOf,
  featuresOf,
  generateProgram,
  judgeProgram,
  printDifference,
  shrink,
  weightsOf,
} from '@cairnkit/conformance/programs'
import { cairnSubject } from '../subject/cairn-subject.js'
import type { SaverOptions } from '../subject/saver-options.js'
import type { CellReport } from './cell-report.js'
import { type CellName, openCell } from './cells.js'

export interface CellRun {
  readonly cell: CellName
  readonly seed: number
  readonly programs: number
  /** Hears of every program that is done. */
  readonly onProgram: (done: number) => void
}

/** Programs that run at once: most of a program on a server is waiting. */
const LANES = 4

const SHRINKING_ATTEMPTS = 400

/** Runs the programs of `seed`, `seed + 1` and so on, in one cell. */
export async function runCell({ cell, seed, programs, onProgram }: CellRun): Promise<CellReport> {
  await using open = await openCell(cell)
  const subject = cairnSubject(open.storage)
  const [startedAt, cpu] = [performance.now(), process.cpuUsage()]
  const tally = new Tally()
  let next = 0
  const lane = async (): Promise<void> => {
    while (next < programs) {
      const own = seed + next
      next += 1
      await runProgram(subject, own, tally)
      onProgram(tally.programs)
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  const { user, system } = process.cpuUsage(cpu)
  return {
    cell,
    ...tally.result(),
    cpuSeconds: (user + system) / 1_000_000,
    seconds: (performance.now() - startedAt) / 1000,
  }
}

async function runProgram(subject: ProgramSubject<SaverOptions>, seed: number, tally: Tally): Promise<void> {
  const program = generateProgram(seed, weightsOf(subject))
  tally.features(featuresOf(program))
  const verdict = await judgeProgram(subject, program).catch((error: unknown) => {
    if (error instanceof StalledStep) return error
    throw error
  })
  if (verdict instanceof StalledStep) return tally.unknown(verdict.message)
  switch (verdict.kind) {
    case 'same':
      return tally.same()
    case 'known':
      return tally.known(verdict.causes.map(({ name }) => name))
    case 'unknown': {
      const differs = async (smaller: typeof program) => await differenceOf(subject, smaller, verdict.without)
      const smallest = await shrink(verdict.difference, differs, SHRINKING_ATTEMPTS)
      tally.unknown(printDifference(smallest))
    }
  }
}

class Tally {
  readonly #known = new Map<string, number>()
  readonly #unknown: string[] = []
  readonly #features = new Map<Feature, number>()
  #programs = 0
  #same = 0

  get programs(): number {
    return this.#programs
  }

  same(): void {
    this.#programs += 1
    this.#same += 1
  }

  known(names: readonly string[]): void {
    this.#programs += 1
    for (const name of names) this.#known.set(name, (this.#known.get(name) ?? 0) + 1)
  }

  unknown(difference: string): void {
    this.#programs += 1
    this.#unknown.push(difference)
  }

  features(found: Iterable<Feature>): void {
    for (const feature of found) this.#features.set(feature, (this.#features.get(feature) ?? 0) + 1)
  }

  result(): Pick<CellReport, 'programs' | 'same' | 'known' | 'unknown' | 'features'> {
    return {
      programs: this.#programs,
      same: this.#same,
      known: this.#known,
      unknown: this.#unknown,
      features: this.#features,
    }
  }
}
