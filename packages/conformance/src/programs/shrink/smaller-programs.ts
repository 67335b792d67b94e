import type { Program } from '../plan/program.js'
import { isSound } from './is-sound.js'
import { plainerSteps } from './plainer-steps.js'
import { smallerGraphs } from './smaller-graphs.js'

/**
 * Programs with something left out or made plain, the greatest leaps first. `at` is the step that differs: what comes
 * behind it matters to nobody.
 */
export function* smallerPrograms(program: Program, at: number): Generator<Program> {
  const { steps, graph } = program
  if (at < steps.length - 1) yield { ...program, steps: steps.slice(0, at + 1) }
  for (let leftOut = at - 1; leftOut >= 0; leftOut--) {
    yield { ...program, steps: steps.filter((_step, position) => position !== leftOut) }
  }
  for (const smaller of smallerGraphs(graph)) {
    const candidate = { ...program, graph: smaller }
    if (isSound(candidate)) yield candidate
  }
  for (const [position, step] of steps.entries()) {
    for (const plainer of plainerSteps(step)) yield { ...program, steps: steps.with(position, plainer) }
  }
  const [first] = steps
  if (first !== undefined && steps.some(({ saver }) => saver !== first.saver)) {
    for (const { saver } of steps) yield { ...program, steps: steps.map((step) => ({ ...step, saver })) }
  }
}
