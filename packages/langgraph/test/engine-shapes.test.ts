import { setFlagsFromString } from 'node:v8'
import { runInThisContext } from 'node:vm'
import { AIMessage, type BaseMessage, HumanMessage, ToolMessage } from '@langchain/core/messages'
import { expect, test } from 'vitest'
import { throughEngine } from './support/through-engine.js'

setFlagsFromString('--allow-natives-syntax')
const haveSameMap = runInThisContext('(left, right) => %HaveSameMap(left, right)') as (
  left: object,
  right: object,
) => boolean

const makers: readonly (readonly [string, (at: number) => BaseMessage])[] = [
  ['HumanMessage', (at) => new HumanMessage({ id: `${at}`, content: `question ${at}` })],
  ['AIMessage', (at) => new AIMessage({ id: `${at}`, content: `answer ${at}` })],
  [
    'AIMessage that calls a tool',
    (at) =>
      new AIMessage({
        id: `${at}`,
        content: `answer ${at}`,
        tool_calls: [{ id: `call ${at}`, name: 'tool', args: { query: `${at}` }, type: 'tool_call' }],
        response_metadata: { model: 'model' },
      }),
  ],
  [
    'ToolMessage',
    (at) => new ToolMessage({ id: `${at}`, content: `result ${at}`, tool_call_id: `call ${at}` }),
  ],
]

// A hidden class for each object costs more than all else that is done with a message.
test.each(makers)('all messages that are made of one kind share V8’s hidden class: %s', async (_, make) => {
  // Before, V8 has seen none, and is still trying.
  for (let round = 0; round < 3; round++) {
    const read = (await throughEngine(Array.from({ length: 40 }, (_item, at) => make(at)))) as BaseMessage[]
    const [first, ...others] = read.slice(-10) as [BaseMessage, ...BaseMessage[]]
    for (const other of others) {
      expect(haveSameMap(first, other)).toBe(true)
      expect(haveSameMap(first.lc_kwargs, other.lc_kwargs)).toBe(true)
    }
  }
})
