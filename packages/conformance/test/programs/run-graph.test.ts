import { setImmediate as nextTurn } from 'node:timers/promises'
import { MemorySaver } from '@langchain/langgraph-checkpoint'
import { expect, it } from 'vitest'
import type { CompiledGraph } from '../../src/programs/graph/compiled-graph.js'
import { Executions } from '../../src/programs/graph/executions.js'
import type { FunctionNode } from '../../src/programs/plan/graph-plan.js'
import type { Program } from '../../src/programs/plan/program.js'
import { IdNames } from '../../src/programs/run/id-names.js'
import { runGraph } from '../../src/programs/run/run-graph.js'
import { OpenCalls } from '../../src/programs/run/watched-saver.js'

// What is rejected and not yet awaited ends a process, and makes vitest fail a run in which every test passed.
it('hears of a stream that fails as soon as its reader leaves it', async () => {
  const executions = new Executions(new OpenCalls())
  const node = { name: 'a' } as FunctionNode
  const unread = new ReadableStream<unknown>()
  const stream = Object.assign(unread, {
    [Symbol.asyncIterator]: () => ({
      next: async (): Promise<never> => await new Promise(() => {}),
      return: async (): Promise<never> => await Promise.reject(new Error('Abort')),
    }),
  })
  const graph: Partial<CompiledGraph> = { stream: async () => await Promise.resolve(stream as never) }
  const stage = {
    graph: graph as CompiledGraph,
    saver: new MemorySaver(),
    threadId: 'A',
    executions,
    names: new IdNames(),
    program: {} as Program,
  }
  const unhandled: unknown[] = []
  const hear = (reason: unknown): void => void unhandled.push(reason)
  const others = process.listeners('unhandledRejection')
  process.removeAllListeners('unhandledRejection').on('unhandledRejection', hear)
  try {
    const run = runGraph(
      stage,
      {
        do: 'run',
        input: { kind: 'go on' },
        stream: { modes: ['values'], subgraphs: false },
        stop: { node: 'a', nth: 1 },
      },
      { configurable: { thread_id: 'A' } },
      'test',
    )
    await nextTurn()
    executions.enter(node, {}, '').catch(() => {})
    expect(await run).toEqual({ threw: 'Error: Abort' })
    await nextTurn()
    expect(unhandled).toEqual([])
  } finally {
    process.removeAllListeners('unhandledRejection')
    for (const other of others) process.on('unhandledRejection', other)
  }
})

it('breaks a run off when those that wait for a turn have had theirs, whoever waited first', async () => {
  for (const isFirst of [true, false]) {
    const executions = new Executions(new OpenCalls())
    const order: string[] = []
    const quiet = async (): Promise<void> => {
      await executions.quiet()
      order.push('quiet')
    }
    const work = async (name: string): Promise<void> => {
      using execution = await executions.enter({ name } as FunctionNode, {}, '')
      await execution.turn()
      order.push(name)
    }
    const first = isFirst ? quiet() : undefined
    await Promise.all([work('a'), work('b'), first ?? quiet()])
    expect(order).toEqual(['a', 'b', 'quiet'])
  }
})
