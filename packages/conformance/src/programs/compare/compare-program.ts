import { randomUUID } from 'node:crypto'
import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint'
import type { Program } from '../plan/program.js'
import type { Step, ThreadName } from '../plan/step.js'
import type { Outcome } from '../run/outcome.js'
import { type SaverOf, Side } from '../run/side.js'
import { type SideName, StalledStep } from './stalled-step.js'

/** The first step of a program whose outcomes differ. */
export interface Difference {
  readonly program: Program
  /** The position of the step, from 0. */
  readonly at: number
  readonly step: Step
  readonly expected: Outcome
  readonly actual: Outcome
}

/** The savers under test, by their names, and the one that says what is right. */
export interface Savers {
  readonly saverOf: SaverOf
  readonly reference: BaseCheckpointSaver
  /** How long a step may take on either side. */
  readonly stepLimitMs: number
}

/**
 * Runs a program step by step on both, until a step differs. The threads of a program are its own, so many programs may
 * share a storage. Throws `StalledStep` when a step does not end.
 */
export async function compareProgram(
  program: Program,
  { saverOf, reference, stepLimitMs }: Savers,
): Promise<Difference | undefined> {
  const run = randomUUID().slice(0, 8)
  const threadIdOf = (thread: ThreadName): string => `program-${program.seed}-${run}-${thread}`
  const tested = new Side(program, saverOf, threadIdOf)
  const model = new Side(program, () => reference, threadIdOf)
  const ended = async (side: Side, name: SideName, step: Step, at: number): Promise<Outcome> => {
    const clock = setTimeout(
      () => side.abandon(new StalledStep(program, step, at, name, stepLimitMs)),
      stepLimitMs,
    )
    try {
      return await side.run(step, at)
    } finally {
      clearTimeout(clock)
    }
  }
  for (const [at, step] of program.steps.entries()) {
    const expected = await ended(model, 'reference', step, at)
    const actual = await ended(tested, 'saver under test', step, at)
    if (!areSame(expected, actual)) return { program, at, step, expected, actual }
  }
  return undefined
}

function areSame(left: Outcome, right: Outcome): boolean {
  return (
    left.length === right.length &&
    left.every(({ path, text }, at) => path === right[at]?.path && text === right[at]?.text)
  )
}
