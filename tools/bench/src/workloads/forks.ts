import { HumanMessage } from '@langchain/core/messages'
import { Script, chatGraph, onThread } from './chat-graph.js'
import { contentOf, expectSame, messagesOf } from './read-back.js'
import { randomNumbers, texts } from './text.js'
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
    const tips: string[] = []
    for (let turn = 0; turn < BASE_TURNS; turn++) {
      await graph.invoke(script.question(turn), onThread(thread))
      tips.push(await latestId())
    }
    const next = randomNumbers(seed)
    const questions = texts(seed + 1, 500, turns)
    const branches = Array.from({ length: turns / TURNS_PER_FORK }, (_, at) => ({
      from: Math.floor(next() * BASE_TURNS),
      questions: questions.slice(TURNS_PER_FORK * at, TURNS_PER_FORK * (at + 1)),
    }))

    async function latestId(): Promise<string> {
      const tuple = await saver.getTuple(onThread(thread))
      if (tuple === undefined) throw new Error('the chat to fork is not there')
      return tuple.checkpoint.id
    }

    return {
      async run(stopwatch) {
        for (const { from, questions } of branches) {
          for (const [at, question] of questions.entries()) {
            const place = at === 0 ? { thread_id: thread, checkpoint_id: tips[from] } : { thread_id: thread }
            const input = { messages: [new HumanMessage(question)] }
            await stopwatch.time(async () => await graph.invoke(input, { configurable: place }))
          }
        }
      },
      async verify(reopened) {
        const expected = branches.map(({ from, questions }) => {
          const before = script.messages(from + 1).map(contentOf)
          const own = questions.flatMap((question, at) => [
            contentOf(new HumanMessage(question)),
            contentOf(script.answer(before.length + 2 * at + 1)),
          ])
          return { before, own }
        })
        // Every branch is found by the question that only it has, at the checkpoint that holds its last answer.
        const found = new Map<string, readonly string[]>()
        const config = { configurable: { thread_id: thread, checkpoint_ns: '' } }
        for await (const { checkpoint } of reopened.list(config)) {
          const messages = messagesOf({ messages: [], ...checkpoint.channel_values }).map(contentOf)
          found.set(messages.slice(-2 * TURNS_PER_FORK).join('\n'), messages)
        }
        for (const [at, { before, own }] of expected.entries()) {
          expectSame(`branch ${at}`, found.get(own.join('\n')) ?? [], [...before, ...own])
        }
      },
    }
  },
}
