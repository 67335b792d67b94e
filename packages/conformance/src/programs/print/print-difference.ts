import type { Difference } from '../compare/compare-program.js'
import type { Outcome } from '../run/outcome.js'
import { printProgram, printStep } from './print-program.js'

/** How many lines of a difference are shown: more are no help. */
const MOST_LINES = 24
const MOST_WIDTH = 240

/** Prints a difference: the whole program, the step, and what differs. */
export function printDifference(difference: Difference): string {
  const { program, at, step } = difference
  return [
    printProgram(program),
    '',
    `Step ${at + 1} differs: ${printStep(step)}`,
    ...diffLines(difference.expected, difference.actual),
  ].join('\n')
}

/** Lines that stand on one side alone: `-` what the reference gave, `+` what the saver under test gave. */
function diffLines(expected: Outcome, actual: Outcome): string[] {
  const [left, right] = [linesByPath(expected), linesByPath(actual)]
  const paths = [...new Set([...left.keys(), ...right.keys()])].filter(
    (path) => left.get(path) !== right.get(path),
  )
  // An error says more than all that is missing because of it.
  const [errors, others] = [paths.filter(isError), paths.filter((path) => !isError(path))]
  const lines = [...errors, ...others].flatMap((path) => [
    ...(left.has(path) ? [`  - ${path} = ${left.get(path)}`] : []),
    ...(right.has(path) ? [`  + ${path} = ${right.get(path)}`] : []),
  ])
  const shown = lines.slice(0, MOST_LINES).map((line) => line.slice(0, MOST_WIDTH))
  return lines.length > MOST_LINES ? [...shown, `  and ${lines.length - MOST_LINES} lines more`] : shown
}

function isError(path: string): boolean {
  return path.endsWith('.threw')
}

function linesByPath(outcome: Outcome): Map<string, string> {
  return new Map(outcome.map(({ path, text }) => [path, text]))
}
