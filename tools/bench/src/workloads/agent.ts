import { AIMessage, type BaseMessage, HumanMessage, ToolMessage } from '@langchain/core/messages'
import { DynamicStructuredTool } from '@langchain/core/tools'
import { buildAgent } from './build-agent.js'
import { onThread } from './chat-graph.js'
import { contentOf, expectSame, latestMessages } from './read-back.js'
import { ScriptedModel } from './scripted-model.js'
import { texts } from './text.js'
import type { Workload } from './workload.js'

const TOOL_CALLS = 3
const QUERY = {
  type: 'object' as const,
  properties: { query: { type: 'string' as const } },
  required: ['query'],
}

/** Every turn: a question, an answer that calls a tool three times, three results, a last answer. */
export const agent: Workload = {
  id: 'agent',
  title: 'createAgent, 20 turns x 3 tool calls',
  unit: 'turn',
  turns: { full: 20, quick: 20 },
  warmUpTurns: 8,
  needsHistory: false,
  grows: false,
  ceiling: true,
  async prepare({ saver, thread, seed, turns }) {
    const script = agentScript(seed, turns)
    const lookUp = new DynamicStructuredTool({
      name: 'look_up',
      description: 'Looks something up',
      schema: QUERY,
      func: async ({ query }: { query: string }) => script.result(query),
    })
    const graph = await buildAgent(new ScriptedModel((messages) => script.answer(messages)), [lookUp], saver)
    return {
      async run(stopwatch) {
        for (let turn = 0; turn < turns; turn++) {
          const messages = [script.question(turn)]
          await stopwatch.time(async () => await graph.invoke({ messages }, onThread(thread)))
        }
      },
      async verify(reopened) {
        const found = await latestMessages(reopened, thread)
        const expected = Array.from({ length: turns }, (_, turn) => script.turn(turn)).flat()
        expectSame('messages', found.map(contentOf), expected.map(contentOf))
      },
    }
  },
}

/** Questions and answers of 500 B, queries of 60 B, results of 300 B. */
function agentScript(seed: number, turns: number) {
  const spoken = texts(seed, 500, 3 * turns)
  const queries = texts(seed + 1, 60, TOOL_CALLS * turns)
  const results = texts(seed + 2, 300, TOOL_CALLS * turns)
  const at = (list: readonly string[], index: number): string => list[index] ?? ''

  const question = (turn: number): HumanMessage => new HumanMessage(at(spoken, 3 * turn))
  const calls = (turn: number): AIMessage =>
    new AIMessage({
      content: at(spoken, 3 * turn + 1),
      tool_calls: queriesOf(turn).map((query, call) => ({
        id: `call-${turn}-${call}`,
        name: 'look_up',
        args: { query },
        type: 'tool_call',
      })),
    })
  const last = (turn: number): AIMessage => new AIMessage(at(spoken, 3 * turn + 2))
  const queriesOf = (turn: number): string[] => queries.slice(TOOL_CALLS * turn, TOOL_CALLS * (turn + 1))
  const result = (query: string): string => at(results, queries.indexOf(query))

  return {
    question,
    result,
    answer(messages: readonly BaseMessage[]): AIMessage {
      const turn = messages.filter((message) => message.type === 'human').length - 1
      return messages.at(-1)?.type === 'human' ? calls(turn) : last(turn)
    },
    turn(turn: number): BaseMessage[] {
      const results = queriesOf(turn).map(
        (query, call) => new ToolMessage({ content: result(query), tool_call_id: `call-${turn}-${call}` }),
      )
      return [question(turn), calls(turn), ...results, last(turn)]
    },
  }
}
