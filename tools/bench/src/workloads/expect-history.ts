import type { BaseMessage } from '@langchain/core/messages'
import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint'
import { contentOf, expectSame, messagesOf } from './read-back.js'

/** Throws unless the checkpoints of the last two turns of a chat are there and hold what the thread held then. */
export async function expectHistory(
  saver: BaseCheckpointSaver,
  thread: string,
  latest: readonly BaseMessage[],
): Promise<void> {
  const config = { configurable: { thread_id: thread, checkpoint_ns: '' } }
  const counts: number[] = []
  for await (const { checkpoint } of saver.list(config, { limit: 6 })) {
    const messages = messagesOf({ messages: [], ...checkpoint.channel_values })
    counts.push(messages.length)
    expectSame(
      'an older checkpoint',
      messages.map(contentOf),
      latest.slice(0, messages.length).map(contentOf),
    )
  }
  // A turn is three checkpoints: its input, the question, the answer.
  const n = latest.length
  const expected = [n, n - 1, n - 2, n - 2, n - 3, n - 4]
    .filter((count) => count >= 0)
    .slice(0, n === 2 ? 3 : 6)
  expectSame('messages per checkpoint', counts.map(String), expected.map(String))
}
