import { Script, chatGraph, onThread } from './chat-graph.js'
import { contentOf, expectSame, latestMessages, messagesOf } from './read-back.js'
import type { Workload } from './workload.js'

interface ReadWorkload {
  readonly id: string
  readonly title: string
  readonly messages: number
  readonly turns: { readonly full: number; readonly quick: number }
  readonly crowded?: boolean
  readonly leastRounds?: number
  readonly quickSavers?: readonly string[]
}

/** Reads the newest checkpoint of a thread again and again, in the process that wrote it. */
export function warmReads({ messages, ...named }: ReadWorkload): Workload {
  return {
    ...named,
    unit: 'read',
    warmUpTurns: 10,
    needsHistory: false,
    grows: false,
    ceiling: false,
    async prepare({ saver, thread, seed, turns: reads }) {
      const script = new Script(seed, 500, messages / 2)
      const graph = chatGraph(saver, script)
      for (let turn = 0; turn < messages / 2; turn++) {
        await graph.invoke(script.question(turn), onThread(thread))
      }
      await latestMessages(saver, thread)
      const expected = script.messages(messages / 2).map(contentOf)
      return {
        async run(stopwatch) {
          for (let read = 0; read < reads; read++) {
            const tuple = await stopwatch.time(async () => await saver.getTuple(onThread(thread)))
            const found = messagesOf(tuple?.checkpoint.channel_values)
            if (found.length !== messages) throw new Error(`${found.length} messages were read`)
          }
        },
        async verify(reopened) {
          expectSame('messages', (await latestMessages(reopened, thread)).map(contentOf), expected)
        },
      }
    },
  }
}
