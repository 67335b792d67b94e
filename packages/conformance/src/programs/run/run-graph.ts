import { setImmediate as nextTurn } from 'node:timers/promises'
import { Command } from '@langchain/langgraph'
import type { CallConfig } from '../graph/compiled-graph.js'
import { updateOf } from '../graph/values.js'
import type { Answers, RunInput, RunStep } from '../plan/step.js'
import { errorText, plain } from './plain.js'
import type { Stage } from './side.js'
import { type StreamChunk, orderedChunks } from './stream-order.js'

/** A program that goes round and round ends by itself. */
const RECURSION_LIMIT = 12

/** How many turns a stream may take to hand out what it holds. */
const DRAINING_TURNS = 5

/** Runs the graph as the step says: to its end, or until it is broken off. */
export async function runGraph(stage: Stage, step: RunStep, at: CallConfig, by: string): Promise<unknown> {
  const config: CallConfig = {
    ...at,
    recursionLimit: RECURSION_LIMIT,
    ...(step.durability === undefined ? {} : { durability: step.durability }),
    ...(step.interruptBefore === undefined ? {} : { interruptBefore: step.interruptBefore }),
  }
  const input = await inputOf(stage, step.input, at, by)
  const { executions } = stage
  const watch = step.stop && executions.watch(step.stop)
  try {
    const reached = watch?.reached ?? new Promise<void>(() => {})
    return step.stream === undefined
      ? await invoke(stage, input, config, reached)
      : await stream(stage, input, { ...config, ...streamOptions(step.stream) }, reached)
  } finally {
    executions.unwatch()
    if (watch !== undefined) await executions.quiet()
  }
}

function streamOptions({ modes, subgraphs }: NonNullable<RunStep['stream']>): object {
  return { streamMode: [...modes], subgraphs }
}

/** Broken off by its signal, once nothing else is going on. */
async function invoke(stage: Stage, input: unknown, config: CallConfig, reached: Promise<void>): Promise<unknown> {
  const controller = new AbortController()
  const end = reached.then(async () => {
    await breakOff(stage.executions, () => controller.abort())
    // Never: what the run comes to says what became of it.
    return await new Promise<never>(() => {})
  })
  return plain(await Promise.race([stage.graph.invoke(input, { ...config, signal: controller.signal }), end]))
}

/**
 * Broken off by its reader, who leaves once nothing else is going on and all has been read that there is. A stream opens
 * with its first chunk: until then it is broken off by its signal.
 */
async function stream(stage: Stage, input: unknown, config: CallConfig, reached: Promise<void>): Promise<unknown> {
  const { executions, names, graph } = stage
  const chunks: StreamChunk[] = []
  const hasNamespaces = config['subgraphs'] === true
  const isReached = reached.then(() => 'reached' as const)
  const controller = new AbortController()
  try {
    const opening = graph.stream(input, { ...config, signal: controller.signal })
    if ((await Promise.race([opening, isReached])) === 'reached') {
      await breakOff(executions, () => controller.abort())
    }
    const reader = (await opening)[Symbol.asyncIterator]()
    let ending: Promise<'reached' | 'silent'> = controller.signal.aborted ? new Promise(() => {}) : isReached
    let next = reader.next()
    for (;;) {
      const read = await Promise.race([next, ending])
      if (read === 'silent') break
      if (read === 'reached') {
        await executions.quiet()
        ending = turns(DRAINING_TURNS)
        continue
      }
      if (read.done === true) return { streamed: orderedChunks(chunks, names) }
      chunks.push(chunkOf(read.value, hasNamespaces))
      next = reader.next()
      if (ending !== isReached && !controller.signal.aborted) ending = turns(DRAINING_TURNS)
    }
    // The read that is under way ends with the stream; what it comes to says nothing.
    next.catch(() => {})
    let left: Promise<unknown> | undefined
    await breakOff(executions, () => (left = reader.return?.()))
    await left
    return { streamed: orderedChunks(chunks, names), brokenOff: true }
  } catch (error) {
    // How much was read by then is a matter of luck: an error drops what the stream still holds.
    return { threw: errorText(error) }
  }
}

/** Cancels a run that is held, and ends what does not hear of it. */
async function breakOff(executions: Stage['executions'], cancel: () => void): Promise<void> {
  await executions.quiet()
  cancel()
  await executions.quiet()
  executions.release()
}

async function turns(count: number): Promise<'silent'> {
  for (let at = 0; at < count; at++) await nextTurn()
  return 'silent'
}

function chunkOf(chunk: unknown, hasNamespaces: boolean): StreamChunk {
  const [namespace, mode, payload] = (
    hasNamespaces ? chunk : [[], ...(chunk as readonly unknown[])]
  ) as readonly [readonly string[], string, unknown]
  return { namespace, mode, payload: plain(payload) }
}

async function inputOf(stage: Stage, input: RunInput, at: CallConfig, by: string): Promise<unknown> {
  switch (input.kind) {
    case 'values':
      return { log: [by], ...updateOf(input.writes, by, {}) }
    case 'go on':
      return null
    case 'resume': {
      const resume = await answersOf(stage, input.answers, at, by)
      return new Command({ resume, ...(input.writes.length === 0 ? {} : { update: updateOf(input.writes, by, {}) }) })
    }
    case 'command':
      return new Command({
        update: { log: [by], ...updateOf(input.writes, by, {}) },
        ...(input.goto === undefined ? {} : { goto: input.goto }),
      })
  }
}

/** One value for whoever asks; or answers by id to those that wait, and one value when nobody does. */
async function answersOf(
  { graph }: Stage,
  answers: Answers,
  at: CallConfig,
  by: string,
): Promise<unknown> {
  if (answers === 'value') return by
  const { tasks } = await graph.getState(at, { subgraphs: true })
  const ids = tasks.flatMap(({ interrupts }) => interrupts).flatMap(({ id }) => (id === undefined ? [] : [id]))
  const chosen = answers === 'all' ? ids : ids.slice(answers === 'first' ? 0 : -1).slice(0, 1)
  return chosen.length === 0 ? by : Object.fromEntries(chosen.map((id, nth) => [id, `${by} answer ${nth}`]))
}
