import type { ObjectId } from '@cairnkit/core'
import { DeltaSnapshot } from '@langchain/langgraph-checkpoint'
import { type Mark, looksLikeMark } from './marks.js'
import { createMessage } from './message-codec.js'
import type { MessageEntry } from './message-entry.js'
import { parseList } from './message-list.js'
import { type OpenNode, parseJson } from './node-cache.js'
import { nodeType } from './node-types.js'
import type { Node } from './node.js'
import { setOwn } from './set-own.js'

/** Bytes that are not what their type says. */
export class UnreadableNode extends Error {
  override readonly name = 'UnreadableNode'
}

export interface ReaderTools {
  /** The objects that the value reaches. Throws when one is not there. */
  readonly open: (id: ObjectId) => OpenNode
  /** Loads what a serializer wrote. */
  readonly load: (node: Node) => Promise<unknown>
}

/**
 * The value of a node of the engine, made of new objects; a promise only where a serializer has to load a part of it.
 * Nothing but the closed set of classes is constructed.
 */
export function readValue(tools: ReaderTools, node: Node): unknown {
  switch (node.type) {
    case nodeType.value: {
      const parsed = parseJson(node.bytes)
      if (parsed === undefined) throw new UnreadableNode('it is no JSON')
      if (node.refs.every((id) => isOwn(tools.open(id))))
        return new Reviver(tools, node, NOTHING_FOREIGN).revive(parsed)
      return loadForeign(tools, node, parsed).then((foreign) =>
        new Reviver(tools, node, foreign).revive(parsed),
      )
    }
    case nodeType.list:
      return messagesOf(tools, node).map(createMessage)
    default:
      throw new UnreadableNode(`a node of type ${JSON.stringify(node.type)} is no value`)
  }
}

const NOTHING_FOREIGN: ReadonlyMap<object, unknown> = new Map()

/** Whether what a value refers to can be made at once. */
function isOwn({ type }: OpenNode): boolean {
  return type === nodeType.message || type === nodeType.list
}

/** The values that cannot be made at once, each mark with its own. */
async function loadForeign(
  tools: ReaderTools,
  node: Node,
  parsed: unknown,
): Promise<ReadonlyMap<object, unknown>> {
  const foreign = new Map<object, unknown>()
  const pending: Promise<void>[] = []
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    if (!Array.isArray(value) && looksLikeMark(value)) visitMark(value)
    else for (const item of Object.values(value)) visit(item)
  }
  const visitMark = (mark: Mark): void => {
    switch (mark.lc) {
      case 'raw':
        for (const item of Object.values(mark.v)) visit(item)
        return
      case 'msg':
        return
      case 'ref': {
        const opened = tools.open(refOf(node, mark.i))
        if (opened.type !== nodeType.list)
          pending.push(loadNode(tools, opened).then((loaded) => void foreign.set(mark, loaded)))
      }
    }
  }
  visit(parsed)
  await Promise.all(pending)
  return foreign
}

async function loadNode(tools: ReaderTools, node: OpenNode): Promise<unknown> {
  return node.type === nodeType.value ? await readValue(tools, node) : await tools.load(node)
}

class Reviver {
  readonly #tools: ReaderTools
  readonly #node: Node
  readonly #foreign: ReadonlyMap<object, unknown>

  constructor(tools: ReaderTools, node: Node, foreign: ReadonlyMap<object, unknown>) {
    this.#tools = tools
    this.#node = node
    this.#foreign = foreign
  }

  /** Parsed JSON is nobody else's, so it is changed in place. */
  revive(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) {
      for (let at = 0; at < value.length; at++) value[at] = this.revive(value[at])
      return value as unknown
    }
    if (looksLikeMark(value)) return this.#mark(value)
    const record = value as Record<string, unknown>
    for (const key of Object.keys(record)) setOwn(record, key, this.revive(record[key]))
    return record['lc'] === 2 ? reviveRecord(record) : record
  }

  #mark(mark: Mark): unknown {
    switch (mark.lc) {
      case 'raw': {
        const raw = mark.v
        for (const key of Object.keys(raw)) raw[key] = this.revive(raw[key])
        return raw
      }
      case 'msg': {
        const body = this.#tools.open(refOf(this.#node, mark.i)).entries[0]
        if (body === undefined) throw new UnreadableNode('a message refers to what is none')
        return createMessage(mark.id === undefined ? body : body.withId(mark.id))
      }
      case 'ref':
        if (this.#foreign.has(mark)) return this.#foreign.get(mark)
        return messagesOf(this.#tools, this.#tools.open(refOf(this.#node, mark.i))).map(createMessage)
    }
  }
}

function refOf(node: Node, position: number): ObjectId {
  const id = node.refs[position]
  if (id === undefined) throw new UnreadableNode(`it has no reference ${position}`)
  return id
}

/** The messages of a list, in order. */
function messagesOf(tools: ReaderTools, list: Node): MessageEntry[] {
  const json = parseJson(list.bytes)
  const parsed = parseList(json, list.refs)
  if (parsed === undefined) throw new UnreadableNode('a list of messages is damaged')
  const entries: MessageEntry[] = []
  const append = (id: ObjectId): void => {
    const node = tools.open(id)
    if (node.type === nodeType.branch) for (const child of node.refs) append(child)
    else for (const entry of node.entries) entries.push(entry)
  }
  for (const id of parsed.spine) append(id)
  for (const { bodyId, messageId } of parsed.tail) {
    const body = tools.open(bodyId).entries[0]
    if (body === undefined) throw new UnreadableNode('a list refers to what is no message')
    entries.push(messageId === undefined ? body : body.withId(messageId))
  }
  return entries
}

/** What LangGraph's serializer makes of the records that it writes; anything else stays data. */
function reviveRecord(record: Record<string, unknown>): unknown {
  const { type, id, method, args } = record
  if (type === 'undefined') return undefined
  if (type === 'delta_snapshot' && Object.hasOwn(record, 'value')) return new DeltaSnapshot(record['value'])
  if (type !== 'constructor' || !Array.isArray(id) || id.length !== 1 || !Array.isArray(args)) return record
  const plain = method === undefined || method === null
  const [first] = args as unknown[]
  const items: readonly unknown[] | undefined = args.length === 1 && Array.isArray(first) ? first : undefined
  switch (id[0] as unknown) {
    case 'Set':
      return plain && items !== undefined ? new Set(items) : record
    case 'Map':
      return plain && items?.every(isPair) === true ? new Map(items) : record
    case 'RegExp':
      return plain ? (regExpOf(args) ?? record) : record
    case 'Error':
      return plain && args.length === 1 && typeof first === 'string' ? new Error(first) : record
    case 'Uint8Array':
      return (plain || method === 'from') && items?.every(isByte) === true ? Uint8Array.from(items) : record
    default:
      return record
  }
}

function isPair(entry: unknown): entry is readonly [unknown, unknown] {
  return Array.isArray(entry) && entry.length === 2
}

function isByte(item: unknown): item is number {
  return typeof item === 'number' && Number.isInteger(item) && item >= 0 && item <= 255
}

function regExpOf(args: readonly unknown[]): RegExp | undefined {
  const [source, flags] = args
  if (args.length !== 2 || typeof source !== 'string' || typeof flags !== 'string') return undefined
  try {
    return new RegExp(source, flags)
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined
    throw cause
  }
}
