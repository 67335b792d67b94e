import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint'
import { type BuiltGraph, buildGraph } from '../graph/build-graph.js'
import type { CompiledGraph } from '../graph/compiled-graph.js'
import { Executions } from '../graph/executions.js'
import type { Program } from '../plan/program.js'
import type { Step, ThreadName } from '../plan/step.js'
import { atClock } from './at-clock.js'
import { IdNames } from './id-names.js'
import { type Outcome, outcomeOf } from './outcome.js'
import { errorText } from './plain.js'
import { runStep } from './run-step.js'
import { OpenCalls, watchedSaver } from './watched-saver.js'

/** Gives the saver that a step uses by its name; the same one each time, or one that remembers nothing. */
export type SaverOf = (name: string) => BaseCheckpointSaver

/** What a step works with. */
export interface Stage {
  readonly graph: CompiledGraph
  readonly saver: BaseCheckpointSaver
  readonly threadId: string
  readonly executions: Executions
  readonly names: IdNames
  readonly program: Program
}

/** One of the two that run a program beside each other, with a graph, threads and savers of its own. */
export class Side {
  readonly #program: Program
  readonly #saverOf: SaverOf
  readonly #threadIdOf: (thread: ThreadName) => string
  readonly #calls = new OpenCalls()
  readonly #executions = new Executions(this.#calls)
  readonly #names = new IdNames()
  readonly #graph: BuiltGraph
  readonly #abandoned = rejectable()
  readonly #compiled = new WeakMap<BaseCheckpointSaver, CompiledGraph>()

  constructor(program: Program, saverOf: SaverOf, threadIdOf: (thread: ThreadName) => string) {
    this.#program = program
    this.#saverOf = saverOf
    this.#threadIdOf = threadIdOf
    this.#graph = buildGraph(program.graph, this.#executions)
  }

  /** Gives up the step that runs: it rejects with `reason`, and nothing that it began goes on by itself. */
  abandon(reason: Error): void {
    this.#executions.abandon(reason)
    this.#abandoned.reject(reason)
  }

  /** What the step gave, or the error that it threw. Rejects when it is abandoned. */
  async run(step: Step, nth: number): Promise<Outcome> {
    const saver = this.#saverOf(step.saver)
    const stage: Stage = {
      graph: this.#graphOn(saver),
      saver,
      threadId: this.#threadIdOf(step.thread),
      executions: this.#executions,
      names: this.#names,
      program: this.#program,
    }
    const result = await atClock(step.clockMs ?? 0, async () => {
      const ran = runStep(stage, step, nth).then(
        (value) => ({ gave: value }),
        (error: unknown) => ({ threw: errorText(error) }),
      )
      return await Promise.race([ran, this.#abandoned.promise])
    })
    return outcomeOf(result, this.#names)
  }

  #graphOn(saver: BaseCheckpointSaver): CompiledGraph {
    const known = this.#compiled.get(saver)
    if (known !== undefined) return known
    const graph = this.#graph.compile(watchedSaver(saver, this.#calls))
    this.#compiled.set(saver, graph)
    return graph
  }
}

/** A promise that never resolves, and need not be awaited. */
function rejectable(): { readonly promise: Promise<never>; readonly reject: (reason: Error) => void } {
  let reject = (_reason: Error): void => {}
  const promise = new Promise<never>((_resolve, rejects) => (reject = rejects))
  promise.catch(() => {})
  return { promise, reject }
}
