import { MessagesDeltaValue, START, StateGraph, StateSchema } from '@langchain/langgraph'
import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint'
import { Script, onThread } from './chat-graph.js'
import { contentOf, expectSame, messagesOf } from './read-back.js'
import type { Workload } from './workload.js'

/** A chat whose messages are a DeltaChannel: checkpoints hold no messages, every turn replays the writes before it. */
export const deltaChat: Workload = {
  id: 'delta-chat',
  title: 'chat on a DeltaChannel, messages of 500 B',
  unit: 'turn',
  turns: { full: 100, quick: 50 },
  warmUpTurns: 10,
  needsHistory: true,
  grows: true,
  ceiling: false,
  async prepare({ saver, thread, seed, turns }) {
    const script = new Script(seed, 500, turns)
    const graph = deltaGraph(saver, script)
    return {
      async run(stopwatch) {
        for (let turn = 0; turn < turns; turn++) {
          await stopwatch.time(async () => await graph.invoke(script.question(turn), onThread(thread)))
        }
      },
      async verify(reopened) {
        const { values } = await deltaGraph(reopened, script).getState(onThread(thread))
        const found = messagesOf(values as Record<string, unknown>).map(contentOf)
        expectSame('messages', found, script.messages(turns).map(contentOf))
      },
    }
  },
}

function deltaGraph(checkpointer: BaseCheckpointSaver, script: Script) {
  return new StateGraph(new StateSchema({ messages: MessagesDeltaValue }))
    .addNode('answer', ({ messages }) => ({ messages: [script.answer(messages.length)] }))
    .addEdge(START, 'answer')
    .compile({ checkpointer })
}
