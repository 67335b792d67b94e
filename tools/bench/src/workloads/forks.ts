import { seededRandom } from '@cairnkit/conformance/faults'
import { HumanMessage } from '@langchain/core/messages'
import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint'
import { Script, chatGraph, onThread } from './chat-graph.js'
import { contentOf, expectSame, messagesOf } from './read-back.js'
import { texts } from './text.js'
import type { Workload } from './workload.js'

const BASE_TURNS = 20
const TURNS_PER_FORK = 2

/** Goes back to an old checkpoint of a chat, asks something else there, and goes on from that answer; again and again. */
export const forks: Workload = {
  id: 'forks',
  title: 'forks: back to one of 20 turns, then two turns on the new branch',
  unit: 'turn',
  turns: { full: 80, quick: 30 },
  warmUpTurns: 10,
  needsHistory: true,
  grows: false,
  ceiling: false,
  async prepare({ saver, thread, seed, turns }) {
    const script = new Script(seed, 500, BASE_TURNS + TURNS_PER_FORK)
    const graph = chatGraph(saver, script)
    const turnsOfChat: string[] = []
    for (let turn = 0; turn < BASE_TURNS; turn++) {
      await graph.invoke(script.question(turn), onThread(thread))
      turnsOfChat.push(await latestId(saver, thread))
    }
    const next = seededRandom(seed)
    const questions = texts(seed + 1, 500, turns)
    const branches = Array.from({ length: turns / TURNS_PER_FORK }, (_, at) => ({
      from: Math.floor(next() * BASE_TURNS),
      asked: questions.slice(TURNS_PER_FORK * at, TURNS_PER_FORK * (at + 1)),
    }))

    return {
      async run(stopwatch) {
        for (const branch of branches) {
          for (const [at, question] of branch.asked.entries()) {
            const from = at === 0 ? { checkpoint_id: turnsOfChat[branch.from] } : {}
            const input = { messages: [new HumanMessage(question)] }
            const config = { configurable: { thread_id: thread, ...from } }
            await stopwatch.time(async () => await graph.invoke(input, config))
          }
        }
      },
      async verify(reopened) {
        // Ids are in the order of time, and every turn makes three checkpoints.
        const newestFirst = await idsOf(reopened, thread)
        const expectedIds = 3 * (BASE_TURNS + turns)
        if (newestFirst.length !== expectedIds) {
          throw new Error(`${newestFirst.length} checkpoints were read back, ${expectedIds} were written`)
        }
        for (const [at, { from, asked }] of branches.entries()) {
          const expected = script.messages(from + 1)
          for (const question of asked) {
            expected.push(new HumanMessage(question))
            expected.push(script.answer(expected.length))
          }
          const tip = newestFirst[3 * TURNS_PER_FORK * (branches.length - 1 - at)]
          const tuple = await reopened.getTuple({ configurable: { thread_id: thread, checkpoint_id: tip } })
          const found = messagesOf(tuple?.checkpoint.channel_values)
          expectSame(`branch ${at}`, found.map(contentOf), expected.map(contentOf))
        }
      },
    }
  },
}

async function latestId(saver: BaseCheckpointSaver, thread: string): Promise<string> {
  const tuple = await saver.getTuple(onThread(thread))
  if (tuple === undefined) throw new Error('the chat to fork is not there')
  return tuple.checkpoint.id
}

async function idsOf(saver: BaseCheckpointSaver, thread: string): Promise<string[]> {
  const ids: string[] = []
  for await (const { checkpoint } of saver.list({ configurable: { thread_id: thread, checkpoint_ns: '' } })) {
    ids.push(checkpoint.id)
  }
  return ids.sort().reverse()
}
