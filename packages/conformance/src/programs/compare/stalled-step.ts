import type { Program } from '../plan/program.js'
import type { Step } from '../plan/step.js'
import { printProgram, printStep } from '../print/print-program.js'

/** Which of the two that run a program. */
export type SideName = 'reference' | 'saver under test'

/** The error for a step that does not end: a call of a saver never settles, or a run of LangGraph waits for ever. */
export class StalledStep extends Error {
  constructor(program: Program, step: Step, at: number, side: SideName, limitMs: number) {
    super(
      [
        printProgram(program),
        '',
        `Step ${at + 1} did not end within ${limitMs} ms on the ${side}: ${printStep(step)}`,
      ].join('\n'),
    )
    this.name = 'StalledStep'
  }
}
