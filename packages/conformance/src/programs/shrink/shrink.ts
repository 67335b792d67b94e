import type { Program } from '../plan/program.js'
import type { Difference } from '../compare/compare-program.js'
import { smallerPrograms } from './smaller-programs.js'

/**
 * Reduces a program that differs. Resolves to a difference in a program from which nothing more can be left out, or in the
 * smallest one found within `attempts`. Each attempt runs a program.
 */
export async function shrink(
  found: Difference,
  differs: (program: Program) => Promise<Difference | undefined>,
  attempts: number,
): Promise<Difference> {
  let smallest = found
  let left = attempts
  for (;;) {
    let isSmaller = false
    for (const program of smallerPrograms(smallest.program, smallest.at)) {
      if (left === 0) return smallest
      left -= 1
      const difference = await differs(program)
      if (difference === undefined) continue
      smallest = difference
      isSmaller = true
      break
    }
    if (!isSmaller) return smallest
  }
}
