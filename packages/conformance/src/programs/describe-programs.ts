import assert from 'node:assert/strict'
import type { TestRunner } from '../runner.js'
import { excusesOf, judgeProgram } from './compare/judge-program.js'
import { StalledStep } from './compare/stalled-step.js'
import { shrink } from './shrink/shrink.js'
import { type ProgramSubject, differenceOf, weightsOf } from './compare/subject.js'
import { generateProgram } from './generate/generate-program.js'
import { printDifference } from './print/print-difference.js'

/** Gives the suite access to the savers under test. */
export interface ProgramsHarness<Options> extends ProgramSubject<Options> {
  /** Appears in the titles of the tests. */
  readonly name: string
  /** The number of programs. @default 50 */
  readonly programs?: number
  /** The seed of the first program; each further one has the next seed. @default `CAIRN_SEED`, else random */
  readonly seed?: number
}

const DEFAULT_PROGRAMS = 50
/** Only what hangs takes so long, on any machine; a step that does is told of long before. */
const TEST_TIMEOUT_MS = 1_800_000

/** Programs that are tried to make one that differs smaller. */
const SHRINKING_ATTEMPTS = 300

/**
 * Defines tests of a checkpointer with random LangGraph programs. Each program runs step by step on the checkpointer and on
 * LangGraph's `MemorySaver`, and every step must have the same outcome on both. The examples of known differences must still
 * differ.
 */
export function describePrograms<Options>(runner: TestRunner, harness: ProgramsHarness<Options>): void {
  const { name, programs = DEFAULT_PROGRAMS, known = [] } = harness
  runner.describe(`${name} under random programs`, () => {
    runner.it(
      'gives in every step what MemorySaver gives, but for what is known',
      async () => {
        const first = harness.seed ?? seedFromEnvironment() ?? Math.floor(Math.random() * 2 ** 31)
        for (let seed = first; seed < first + programs; seed++) await mustBeSame(harness, seed)
      },
      TEST_TIMEOUT_MS,
    )
    for (const difference of known) {
      runner.it(
        `still differs: ${difference.name}`,
        async () => {
          assert.ok(difference.concerns(difference.example), 'the example is not of the kind that may differ')
          const others = excusesOf(harness, difference.example).filter((other) => other !== difference)
          const found = await differenceOf(harness, difference.example, others)
          assert.ok(found !== undefined, 'the example does not differ any more: take it off the list')
          const left = await differenceOf(harness, difference.example, [...others, difference])
          assert.ok(
            left === undefined,
            `the example differs for another reason too\n${left && printDifference(left)}`,
          )
        },
        TEST_TIMEOUT_MS,
      )
    }
  })
}

async function mustBeSame<Options>(harness: ProgramsHarness<Options>, seed: number): Promise<void> {
  const fail = (why: string): never =>
    assert.fail(`Set CAIRN_SEED=${seed} to begin with this program.\n${why}`)
  const program = generateProgram(seed, weightsOf(harness))
  const verdict = await judgeProgram(harness, program).catch((error: unknown) => {
    if (error instanceof StalledStep) return fail(error.message)
    throw error
  })
  if (verdict.kind !== 'unknown') return
  const { difference, without } = verdict
  const smallest = await shrink(
    difference,
    async (smaller) => await differenceOf(harness, smaller, without),
    SHRINKING_ATTEMPTS,
  )
  fail(printDifference(smallest))
}

function seedFromEnvironment(): number | undefined {
  const text = process.env['CAIRN_SEED']
  if (text === undefined || text === '') return undefined
  const seed = Number(text)
  if (!Number.isSafeInteger(seed)) throw new TypeError(`CAIRN_SEED must be a whole number, got ${text}`)
  return seed
}
