import { setImmediate as nextTurn } from 'node:timers/promises'
import { Command } from '@langchain/langgraph'
import type { CallConfig } from '../graph/compiled-graph.js'
import { updateOf } from '../graph/values.js'
import type { Executions } from '../graph/executions.js'
import type { Answers, RunInput, RunStep, Stop } from '../plan/step.js'
import { inOrderOf, textOf } from './ordering.js'
import { errorText, plain } from './plain.js'
import type { Stage } from './side.js'
import { type StreamChunk, orderedChunks } from './stream-order.js'

/** A program that goes round and round ends by itself. */
const RECURSION_LIMIT = 12

/** How many turns of the event loop a stream may take to hand out what it holds. */
const DRAINING_TURNS = 5

/** A run that is to be broken off: when that is, and how. */
interface Breaking {
  readonly reached: Promise<'reached'>
  readonly controller: AbortController
}

/** Runs the graph as the step says: to its end, or until it is broken off. */
export async function runGraph(stage: Stage, step: RunStep, at: CallConfig, by: string): Promise<unknown> {
  const { executions } = stage
  const input = await inputOf(stage, step.input, at, by)
  const breaking = step.stop === undefined ? undefined : breakingAt(executions, step.stop)
  const config: CallConfig = {
    ...at,
    recursionLimit: RECURSION_LIMIT,
    ...(step.durability === undefined ? {} : { durability: step.durability }),
    ...(step.interruptBefore === undefined ? {} : { interruptBefore: step.interruptBefore }),
    ...(step.stream === undefined
      ? {}
      : { streamMode: [...step.stream.modes], subgraphs: step.stream.subgraphs }),
    ...(breaking === undefined ? {} : { signal: breaking.controller.signal }),
  }
  const run = step.stream === undefined ? invoke : stream
  try {
    return await run(stage, input, config, breaking)
  } finally {
    await executions.over()
  }
}

function breakingAt(executions: Executions, stop: Stop): Breaking {
  const { reached } = executions.watch(stop)
  return { reached: reached.then(() => 'reached' as const), controller: new AbortController() }
}

type Run = (
  stage: Stage,
  input: unknown,
  config: CallConfig,
  breaking: Breaking | undefined,
) => Promise<unknown>

/** Broken off by its signal, once nothing else is going on. What it comes to says what became of it. */
const invoke: Run = async ({ graph, executions }, input, config, breaking) => {
  const result = graph.invoke(input, config)
  if (breaking !== undefined && (await Promise.race([result, breaking.reached])) === 'reached') {
    await breakOff(executions, () => breaking.controller.abort())
  }
  return plain(await result)
}

/**
 * Broken off by its reader, who leaves once nothing else is going on and all has been read that there is. A stream opens
 * with its first chunk: until then it is broken off by its signal.
 */
const stream: Run = async ({ graph, executions, names }, input, config, breaking) => {
  const chunks: StreamChunk[] = []
  const never = new Promise<never>(() => {})
  try {
    const opening = graph.stream(input, config)
    if (breaking !== undefined && (await Promise.race([opening, breaking.reached])) === 'reached') {
      await breakOff(executions, () => breaking.controller.abort())
    }
    const reader = (await opening)[Symbol.asyncIterator]()
    const isCancelled = breaking?.controller.signal.aborted ?? true
    let ending: Promise<'reached' | 'silent'> = isCancelled ? never : (breaking?.reached ?? never)
    let next = reader.next()
    for (;;) {
      const read = await Promise.race([next, ending])
      if (read === 'silent') break
      if (read === 'reached') {
        await executions.quiet()
        ending = silence()
        continue
      }
      if (read.done === true) return { streamed: orderedChunks(chunks, names) }
      chunks.push(chunkOf(read.value, config['subgraphs'] === true))
      next = reader.next()
      if (ending !== never && ending !== breaking?.reached) ending = silence()
    }
    // The read that is under way ends with the stream; what it comes to says nothing.
    next.catch(() => {})
    let left: Promise<unknown> | undefined
    await breakOff(executions, () => {
      left = reader.return?.()
      // Cancelling may fail at once, long before the failure is awaited.
      left?.catch(() => {})
    })
    await left
    return { streamed: orderedChunks(chunks, names), brokenOff: true }
  } catch (error) {
    // How much was read by then is a matter of luck: an error drops what the stream still holds.
    return { threw: errorText(error) }
  }
}

/** Cancels a run that is held, and ends what does not hear of it. */
async function breakOff(executions: Executions, cancel: () => void): Promise<void> {
  await executions.quiet()
  cancel()
  await executions.quiet()
  executions.release()
}

/** A few turns of the event loop, in which a stream hands out what it holds. */
async function silence(): Promise<'silent'> {
  for (let at = 0; at < DRAINING_TURNS; at++) await nextTurn()
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
      return new Command({
        resume,
        ...(input.writes.length === 0 ? {} : { update: updateOf(input.writes, by, {}) }),
      })
    }
    case 'command':
      return new Command({
        update: { log: [by], ...updateOf(input.writes, by, {}) },
        ...(input.goto === undefined ? {} : { goto: input.goto }),
      })
  }
}

/** One value for whoever asks; or answers by id to those that wait, and one value when nobody does. */
async function answersOf({ graph }: Stage, answers: Answers, at: CallConfig, by: string): Promise<unknown> {
  if (answers === 'value') return by
  const { tasks } = await graph.getState(at, { subgraphs: true })
  // By what they ask: those of a parallel subgraph stand in the order in which its tasks ended.
  const waiting = inOrderOf(
    tasks.flatMap(({ interrupts }) => interrupts),
    ({ value }) => textOf(value),
  )
  const ids = waiting.flatMap(({ id }) => (id === undefined ? [] : [id]))
  const chosen = answers === 'all' ? ids : ids.slice(answers === 'first' ? 0 : -1).slice(0, 1)
  return chosen.length === 0 ? by : Object.fromEntries(chosen.map((id, nth) => [id, `${by} answer ${nth}`]))
}
