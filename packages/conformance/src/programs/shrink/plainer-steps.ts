import type { RunStep, Step } from '../plan/step.js'

/** The same step with an option or a value left out. */
export function* plainerSteps(step: Step): Generator<Step> {
  if (step.clockMs !== undefined) {
    const { clockMs: _leftOut, ...rest } = step
    yield rest
  }
  if ('place' in step && step.place !== undefined) {
    const { place, ...rest } = step
    yield rest as Step
    if (place.nth > 0) yield { ...step, place: { ...place, nth: place.nth - 1 } }
    if (place.as !== 'address') yield { ...step, place: { ...place, as: 'address' } }
  }
  if (step.do === 'run') yield* plainerRuns(step) as Generator<Step>
  if (step.do === 'update' && step.update.writes !== null && step.update.writes.length > 0) {
    yield { ...step, update: { ...step.update, writes: step.update.writes.slice(1) } }
  }
  if (step.do === 'bulk update' && step.supersteps.length > 1) {
    for (const at of step.supersteps.keys()) {
      yield { ...step, supersteps: step.supersteps.filter((_each, position) => position !== at) }
    }
  }
  if (step.do === 'state' && step.subgraphs) yield { ...step, subgraphs: false }
}

function* plainerRuns(step: RunStep): Generator<RunStep> {
  for (const option of ['stop', 'stream', 'durability', 'interruptBefore'] as const) {
    if (step[option] === undefined) continue
    const { [option]: _leftOut, ...rest } = step
    yield rest
  }
  const { input, stream } = step
  if ('writes' in input && input.writes.length > 0) {
    for (const at of input.writes.keys()) {
      yield {
        ...step,
        input: { ...input, writes: input.writes.filter((_write, position) => position !== at) },
      }
    }
  }
  if (stream !== undefined && stream.modes.length > 1) {
    for (const mode of stream.modes) yield { ...step, stream: { ...stream, modes: [mode] } }
  }
}
