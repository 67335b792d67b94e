import { Script, chatGraph, onThread } from './chat-graph.js'
import { contentOf, expectSame, latestMessages } from './read-back.js'
import type { Workload } from './workload.js'

const TURNS_PER_THREAD = 10

/** Many users at once: every thread has ten turns, one after the other, and all threads go on together. */
export const threads: Workload = {
  id: 'threads-64',
  title: '64 threads x 10 turns of 500 B, all at once',
  unit: 'turn',
  turns: { full: 640, quick: 640 },
  warmUpTurns: 80,
  needsHistory: false,
  grows: false,
  ceiling: false,
  async prepare({ saver, thread, seed, turns }) {
    const names = Array.from({ length: turns / TURNS_PER_THREAD }, (_, at) => `${thread}-${at}`)
    const chats = names.map((name, at) => {
      const script = new Script(seed + at, 500, TURNS_PER_THREAD)
      return { name, script, graph: chatGraph(saver, script) }
    })
    return {
      async run(stopwatch) {
        const whole = chats.map(async ({ name, script, graph }) => {
          for (let turn = 0; turn < TURNS_PER_THREAD; turn++) {
            await stopwatch.time(async () => await graph.invoke(script.question(turn), onThread(name)))
          }
        })
        await Promise.all(whole)
      },
      async verify(reopened) {
        for (const { name, script } of chats) {
          const found = (await latestMessages(reopened, name)).map(contentOf)
          expectSame(`messages of ${name}`, found, script.messages(TURNS_PER_THREAD).map(contentOf))
        }
      },
    }
  },
}
