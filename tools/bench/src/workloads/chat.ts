import { Script, chatGraph, onThread } from './chat-graph.js'
import { expectHistory } from './expect-history.js'
import { contentOf, expectSame, latestMessages } from './read-back.js'
import type { Workload } from './workload.js'

interface Chat {
  readonly id: string
  readonly title: string
  readonly bytes: number
  readonly quickSavers?: readonly string[]
  /** See `Workload.settling`. */
  readonly quickSettlingMs?: number
}

/** One thread that grows by a question and an answer a turn. */
export function chat({ quickSettlingMs = 0, ...settings }: Chat): Workload {
  return {
    ...plainChat(settings),
    warmUpTurns: 200,
    settling: { most: 12, each: 1, quickMs: quickSettlingMs },
    ceiling: true,
  }
}

/** The same in a process that has just started: as after a deployment, or where each process lives for a few calls. */
export function firstChat(settings: Omit<Chat, 'quickSettlingMs'>): Workload {
  return { ...plainChat(settings), process: 'new', warmUpTurns: 20, ceiling: false }
}

type Plain = Omit<Workload, 'process' | 'warmUpTurns' | 'settling' | 'ceiling'>

function plainChat({ bytes, ...named }: Omit<Chat, 'quickSettlingMs'>): Plain {
  return {
    ...named,
    unit: 'turn',
    turns: { full: 200, quick: 200 },
    needsHistory: false,
    grows: true,
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
