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

export interface MessageClass {
  readonly name: string
  readonly constructor: unknown
  /** The arguments whose names LangChain writes and reads unchanged. A message with others goes its way. */
  readonly keys: ReadonlySet<string>
  readonly create: Create
}

type Create = (fields: never) => BaseMessage

const base = ['content', 'id', 'name', 'additional_kwargs', 'response_metadata']
const ai = [...base, 'tool_calls', 'invalid_tool_calls', 'usage_metadata']
const tool = [...base, 'tool_call_id', 'status', 'artifact', 'metadata']

/**
 * The closed set of classes that are ever constructed from stored data. Each is constructed in a place of its own, which
 * V8 compiles for that class alone.
 */
const table: readonly (readonly [name: string, constructor: unknown, readonly string[], Create])[] = [
  ['HumanMessage', HumanMessage, base, (fields) => new HumanMessage(fields)],
  ['HumanMessageChunk', HumanMessageChunk, base, (fields) => new HumanMessageChunk(fields)],
  ['AIMessage', AIMessage, ai, (fields) => new AIMessage(fields)],
  ['AIMessageChunk', AIMessageChunk, [...ai, 'tool_call_chunks'], (fields) => new AIMessageChunk(fields)],
  ['SystemMessage', SystemMessage, base, (fields) => new SystemMessage(fields)],
  ['SystemMessageChunk', SystemMessageChunk, base, (fields) => new SystemMessageChunk(fields)],
  ['ToolMessage', ToolMessage, tool, (fields) => new ToolMessage(fields)],
  ['ToolMessageChunk', ToolMessageChunk, tool, (fields) => new ToolMessageChunk(fields)],
  ['ChatMessage', ChatMessage, [...base, 'role'], (fields) => new ChatMessage(fields)],
  ['ChatMessageChunk', ChatMessageChunk, [...base, 'role'], (fields) => new ChatMessageChunk(fields)],
  ['FunctionMessage', FunctionMessage, base, (fields) => new FunctionMessage(fields)],
  ['FunctionMessageChunk', FunctionMessageChunk, base, (fields) => new FunctionMessageChunk(fields)],
  ['RemoveMessage', RemoveMessage, base, (fields) => new RemoveMessage(fields)],
]

const classes: readonly MessageClass[] = table.map(([name, constructor, keys, create]) => ({
  name,
  constructor,
  keys: new Set(keys),
  create,
}))

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
