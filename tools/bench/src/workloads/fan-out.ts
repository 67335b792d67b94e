import { Annotation, START, Send, StateGraph } from '@langchain/langgraph'
import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint'
import { onThread } from './chat-graph.js'
import { expectSame } from './read-back.js'
import { texts } from './text.js'
import type { Workload } from './workload.js'

const WORKERS = 50

/** One node sends a task to each of 50 workers, whose results arrive together. */
export const fanOut: Workload = {
  id: 'fan-out-50',
  title: 'fan-out to 50 workers, results of 500 B',
  unit: 'turn',
  turns: { full: 40, quick: 10 },
  warmUpTurns: 5,
  needsHistory: false,
  grows: false,
  ceiling: false,
  async prepare({ saver, thread, seed, turns }) {
    const results = texts(seed, 500, WORKERS)
    const graph = fanOutGraph(saver, results)
    const names = Array.from({ length: turns }, (_, at) => `${thread}-${at}`)
    return {
      async run(stopwatch) {
        for (const name of names) {
          await stopwatch.time(async () => await graph.invoke({ workers: WORKERS }, onThread(name)))
        }
      },
      async verify(reopened) {
        for (const name of names) {
          const tuple = await reopened.getTuple(onThread(name))
          const found = tuple?.checkpoint.channel_values['results'] as string[] | undefined
          expectSame(`results of ${name}`, found ?? [], results)
        }
      },
    }
  },
}

const FanOut = Annotation.Root({
  workers: Annotation<number>,
  worker: Annotation<number>,
  results: Annotation<string[]>({ reducer: (left, right) => left.concat(right), default: () => [] }),
})

function fanOutGraph(checkpointer: BaseCheckpointSaver, results: readonly string[]) {
  return new StateGraph(FanOut)
    .addNode('plan', () => ({}))
    .addNode('work', ({ worker }) => ({ results: [results[worker] ?? ''] }))
    .addEdge(START, 'plan')
    .addConditionalEdges(
      'plan',
      ({ workers }) => Array.from({ length: workers }, (_, worker) => new Send('work', { worker })),
      ['work'],
    )
    .compile({ checkpointer })
}
