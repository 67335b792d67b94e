import { AIMessage, HumanMessage, RemoveMessage, ToolMessage } from '@langchain/core/messages'
import { Overwrite, REMOVE_ALL_MESSAGES } from '@langchain/langgraph'
import type { MessageKind, ValueKind, Write } from '../plan/channel.js'

/** An update of a state, and the state that a node or a step was given. */
export type State = Record<string, unknown>

/** An update with the values of some writes; `by` tells who makes them and what it has seen, so that no two are alike. */
export function updateOf(writes: readonly Write[], by: string, state: State): State {
  const update: State = {}
  for (const write of writes) addWrite(update, write, by, state)
  return update
}

export function addWrite(update: State, write: Write, by: string, state: State): void {
  const { channel } = write
  switch (channel) {
    case 'log':
    case 'events':
      update[channel] = write.overwrites
        ? new Overwrite([`only ${by}`])
        : append(update[channel], [`by ${by}`])
      return
    case 'count':
      update[channel] = 1
      return
    case 'note':
    case 'scratch':
      update[channel] = valueOf(write.value, by)
      return
    case 'doc':
      update[channel] = { by, held: valueOf(write.value, by) }
      return
    case 'facts':
      update[channel] = { [by.slice(0, by.indexOf(' '))]: valueOf(write.value, by) }
      return
    case 'messages':
    case 'chat':
      update[channel] = append(update[channel], messagesOf(write.message, by, state[channel]))
  }
}

function append(list: unknown, more: readonly unknown[]): unknown {
  return Array.isArray(list) ? [...(list as unknown[]), ...more] : (list ?? [...more])
}

function valueOf(kind: ValueKind, by: string): unknown {
  switch (kind) {
    case 'number':
      return by.length + 0.5
    case 'text':
      return by
    case 'long text':
      return `${by} `.repeat(60)
    case 'nothing':
      return null
    case 'list':
      return [by, 1, null, [by]]
    case 'tree':
      return { by, left: { text: `${by} `.repeat(12), n: 1 }, right: [{ by }, { deep: { deeper: by } }] }
    case 'map':
      return new Map<string, unknown>([
        ['by', by],
        ['list', [1, by]],
      ])
    case 'set':
      return new Set([by, 'one'])
    case 'date':
      return new Date(1_700_000_000_000 + by.length)
    case 'bytes':
      return { bytes: new TextEncoder().encode(by) }
    case 'undefined inside':
      return { by, missing: undefined, list: [undefined, by] }
  }
}

interface Known {
  readonly id?: string
}

function messagesOf(kind: MessageKind, by: string, held: unknown): unknown[] {
  const last = (Array.isArray(held) ? (held as readonly Known[]) : []).at(-1)?.id
  const human = new HumanMessage({ id: `human ${by}`, content: `asks ${by}` })
  switch (kind) {
    case 'human':
      return [human]
    case 'ai':
      return [new AIMessage({ id: `ai ${by}`, content: [{ type: 'text', text: `says ${by}` }] })]
    case 'tool': {
      const call = { id: `call ${by}`, name: 'look_up', args: { by, list: [1, null] } }
      return [
        new AIMessage({ id: `ai ${by}`, content: '', tool_calls: [call] }),
        new ToolMessage({ id: `tool ${by}`, content: `found ${by}`, tool_call_id: call.id, name: call.name }),
      ]
    }
    case 'nameless':
      return [new HumanMessage(`nameless ${by}`)]
    case 'plain':
      return [{ role: 'assistant', content: `plain ${by}` }]
    case 'replace':
      return last === undefined ? [human] : [new AIMessage({ id: last, content: `instead ${by}` })]
    case 'remove':
      return last === undefined ? [human] : [new RemoveMessage({ id: last })]
    case 'clear':
      return [new RemoveMessage({ id: REMOVE_ALL_MESSAGES }), human]
  }
}
