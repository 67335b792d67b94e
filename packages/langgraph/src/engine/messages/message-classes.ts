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
  /** Of what {@link create} gives. */
  readonly constructor: Constructor
  /** The arguments whose names LangChain writes and reads unchanged. A message with others goes its way. */
  readonly keys: ReadonlySet<string>
  readonly create: Create
}

type Create = (fields: never) => BaseMessage

type Constructor = new (fields: never) => BaseMessage

const base = ['content', 'id', 'name', 'additional_kwargs', 'response_metadata']
const ai = [...base, 'tool_calls', 'invalid_tool_calls', 'usage_metadata']
const tool = [...base, 'tool_call_id', 'status', 'artifact', 'metadata']

/**
 * The closed set of classes that are ever constructed from stored data. Each is constructed in a place of its own, which
 * V8 compiles for that class alone.
 */
const table: readonly (readonly [name: string, constructor: Constructor, readonly string[], Create])[] = [
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

const classes: readonly Writable<MessageClass>[] = table.map(([name, constructor, keys, create]) => ({
  name,
  constructor,
  keys: new Set(keys),
  create,
}))

type Writable<T> = { -readonly [Key in keyof T]: T[Key] }

const byConstructor = new Map<unknown, MessageClass>(classes.map((known) => [known.constructor, known]))
const byName = new Map<string, MessageClass>(classes.map((known) => [known.name, known]))

/** Makes the objects that were written, as LangGraph's serializer does. */
export type Load = (json: string) => Promise<unknown>

let areSettled = false
let settling: Promise<void> | undefined

/** Whether {@link settleClasses} is done. */
export function areClassesSettled(): boolean {
  return areSettled
}

/**
 * Has messages made of the classes that LangGraph's serializer makes them of. They are those above, unless the serializer
 * came with a copy of LangChain of its own. Is done once for the process, and never rejects.
 */
export function settleClasses(load: Load): Promise<void> {
  settling ??= settleAll(load)
  return settling
}

async function settleAll(load: Load): Promise<void> {
  const [first, ...others] = classes
  // The classes of one copy come together.
  if (first !== undefined && !(await settleClass(first, load)))
    await Promise.all(others.map((known) => settleClass(known, load)))
  areSettled = true
}

/** What some class or other does not do without. */
const NEEDED = { content: '', id: '', name: '', role: '', tool_call_id: '' }

/** Returns whether the class was the right one. */
async function settleClass(known: Writable<MessageClass>, load: Load): Promise<boolean> {
  const Class = await load(JSON.stringify({ ...written(known.name), kwargs: NEEDED })).then(
    (message) => (message as BaseMessage).constructor as Constructor,
    // Another version may not have it: a message of it, which nobody else could make, is made here.
    () => known.constructor,
  )
  if (Class === known.constructor) return true
  known.constructor = Class
  known.create = (fields) => new Class(fields)
  byConstructor.set(Class, known)
  return false
}

/** What LangChain writes of every message of a class, whichever copy made it. */
export function written(name: string): {
  readonly lc: 1
  readonly type: 'constructor'
  readonly id: readonly string[]
} {
  return { lc: 1, type: 'constructor', id: ['langchain_core', 'messages', name] }
}

/**
 * The class of a message of a copy of LangChain that is known here; `undefined` for anything else, a subclass among them. By
 * identity of the constructor: LangChain's `instanceof` answers for whatever calls itself a message.
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
