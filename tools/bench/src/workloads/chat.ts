import { Script, chatGraph, onThread } from './chat-graph.js'
import { expectHistory } from './expect-history.js'
import { contentOf, expectSame, latestMessages } from './read-back.js'
import type { Workload } from './workload.js'

interface Chat {
  readonly id: string
  readonly title: string
  readonly bytes: number
  readonly quickSavers?: readonly string[]
}

/** One thread that grows by a question and an answer a turn. */
export function chat({ bytes, ...named }: Chat): Workload {
  return {
    ...named,
    unit: 'turn',
    turns: { full: 200, quick: 200 },
    warmUpTurns: 200,
    settling: { first: 3, each: 1 },
    needsHistory: false,
    grows: true,
    ceiling: true,
    async prepare({ saver, thread, seed, turns, history }) {
      const script = new Script(seed, bytes, turns)
      const graph = chatGraph(saver, script)
      return {
        async run(stopwatch) {
          for (let turn = 0; turn < turns; turn++) {
            await stopwatch.time(async () => await graph.invoke(script.question(turn), onThread(thread)))
          }
        },
        async verify(reopened) {
          const found = await latestMessages(reopened, thread)
          expectSame('messages', found.map(contentOf), script.messages(turns).map(contentOf))
          if (history) await expectHistory(reopened, thread, found)
        },
      }
    },
  }
}
