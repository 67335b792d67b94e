import type { BaseMessage } from '@langchain/core/messages'
import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint'

/** What of a message a workload decides; ids are given by LangGraph. */
export function contentOf(message: BaseMessage): string {
  const calls = 'tool_calls' in message ? message.tool_calls : []
  return JSON.stringify([message.type, message.content, calls])
}

/** Throws unless both lists say the same in the same order. */
export function expectSame(what: string, found: readonly string[], expected: readonly string[]): void {
  if (found.length !== expected.length) {
    throw new Error(`${what}: ${found.length} were read back, ${expected.length} were written`)
  }
  const at = found.findIndex((each, index) => each !== expected[index])
  if (at === -1) return
  throw new Error(`${what}: number ${at} was read back as ${brief(found[at])}, not as ${brief(expected[at])}`)
}

function brief(text: string | undefined): string {
  return (text ?? 'nothing').slice(0, 80)
}

/** The messages of the newest checkpoint of a thread, straight from the saver. */
export async function latestMessages(saver: BaseCheckpointSaver, thread: string): Promise<BaseMessage[]> {
  const tuple = await saver.getTuple({ configurable: { thread_id: thread } })
  return messagesOf(tuple?.checkpoint.channel_values)
}

export function messagesOf(values: Record<string, unknown> | undefined): BaseMessage[] {
  const messages = values?.['messages']
  if (!Array.isArray(messages)) throw new Error('the checkpoint that was read back has no messages')
  return messages as BaseMessage[]
}
