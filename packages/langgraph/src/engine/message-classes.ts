import {
  AIMessage,
  AIMessageChunk,
  type BaseMessage,
  ChatMessage,
  ChatMessageChunk,
  FunctionMessage,
  FunctionMessageChunk,
  HumanMessage,
  HumanMessageChunk,
  RemoveMessage,
  SystemMessage,
  SystemMessageChunk,
  ToolMessage,
  ToolMessageChunk,
} from '@langchain/core/messages'

/** Arguments of a constructor, as stored: without the id. */
export type Kwargs = Readonly<Record<string, unknown>>

interface MessageClass {
  readonly name: string
  /** The arguments whose names LangChain writes and reads unchanged. A message with others goes its way. */
  readonly keys: ReadonlySet<string>
  readonly create: (fields: Record<string, unknown>) => BaseMessage
}

type MessageConstructor = new (fields: never) => BaseMessage

const base = ['content', 'id', 'name', 'additional_kwargs', 'response_metadata']
const ai = [...base, 'tool_calls', 'invalid_tool_calls', 'usage_metadata']
const tool = [...base, 'tool_call_id', 'status', 'artifact', 'metadata']

/** The closed set of classes that are ever constructed from stored data. */
const table: readonly (readonly [string, MessageConstructor, readonly string[]])[] = [
  ['HumanMessage', HumanMessage, base],
  ['HumanMessageChunk', HumanMessageChunk, base],
  ['AIMessage', AIMessage, ai],
  ['AIMessageChunk', AIMessageChunk, [...ai, 'tool_call_chunks']],
  ['SystemMessage', SystemMessage, base],
  ['SystemMessageChunk', SystemMessageChunk, base],
  ['ToolMessage', ToolMessage, tool],
  ['ToolMessageChunk', ToolMessageChunk, tool],
  ['ChatMessage', ChatMessage, [...base, 'role']],
  ['ChatMessageChunk', ChatMessageChunk, [...base, 'role']],
  ['FunctionMessage', FunctionMessage, base],
  ['FunctionMessageChunk', FunctionMessageChunk, base],
  ['RemoveMessage', RemoveMessage, base],
]

const classes: readonly (MessageClass & { readonly constructor: MessageConstructor })[] = table.map(
  ([name, constructor, keys]) => ({
    name,
    keys: new Set(keys),
    create: (fields) => new constructor(fields as never),
    constructor,
  }),
)

const byConstructor = new Map<unknown, MessageClass>(classes.map((known) => [known.constructor, known]))
const byName = new Map<string, MessageClass>(classes.map((known) => [known.name, known]))

/**
 * The class of a message; `undefined` for anything else, a subclass among them. By identity of the constructor:
 * LangChain's `instanceof` answers for whatever calls itself a message.
 */
export function classOfMessage(value: object): MessageClass | undefined {
  return byConstructor.get(value.constructor)
}

export function classNamed(name: string): MessageClass | undefined {
  return byName.get(name)
}

const MESSAGE_SYMBOL = Symbol.for('langchain.message')

/** Whether a value is a LangChain message of any class, from any copy of LangChain. */
export function isMessage(value: object): boolean {
  return (value as Readonly<Record<symbol, unknown>>)[MESSAGE_SYMBOL] === true
}
