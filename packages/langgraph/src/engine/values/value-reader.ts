import type { ObjectId } from '@cairnkit/core'
import { DeltaSnapshot } from '@langchain/langgraph-checkpoint'
import { DamagedFragment } from '../fragments/damaged-fragment.js'
import { fragmentType } from '../fragments/fragment-types.js'
import type { Fragment } from '../fragments/fragment.js'
import { defineField, parseJson } from '../fragments/json-data.js'
import { createMessage } from '../messages/message-codec.js'
import type { MessageEntry } from '../messages/message-entry.js'
import type { DecodedObject } from '../objects/decoded-object.js'
import { parseList } from '../objects/message-list.js'
import { type Placeholder, looksLikePlaceholder } from './placeholders.js'

export interface ReaderTools {
  /** The objects that the value reaches. Throws when one is not there. */
  readonly open: (id: ObjectId) => DecodedObject
  /** Loads what a serializer wrote. */
  readonly load: (fragment: Fragment) => Promise<unknown>
}

/**
 * The value of a fragment of the engine, made of new objects; a promise only where a serializer has to load a part of it.
 * Nothing but the closed set of classes is constructed.
 */
export function readValue(tools: ReaderTools, fragment: Fragment): unknown {
  switch (fragment.type) {
    case fragmentType.value: {
      const parsed = parseJson(fragment.bytes)
      if (parsed === undefined) throw new DamagedFragment('it is no JSON')
      if (fragment.refs.every((id) => isMadeAtOnce(tools.open(id))))
        return new Reviver(tools, fragment, NOTHING_FOREIGN).revive(parsed)
      return loadForeign(tools, fragment, parsed).then((foreign) =>
        new Reviver(tools, fragment, foreign).revive(parsed),
      )
    }
    case fragmentType.list:
      return messagesOf(tools, fragment).map(createMessage)
    default:
      throw new DamagedFragment(`a fragment of type ${JSON.stringify(fragment.type)} is no value`)
  }
}

const NOTHING_FOREIGN: ReadonlyMap<object, unknown> = new Map()

/** Whether what a value refers to can be made at once. */
function isMadeAtOnce({ type }: DecodedObject): boolean {
  return type === fragmentType.message || type === fragmentType.list
}

/** The values that cannot be made at once, each placeholder with its own. */
async function loadForeign(
  tools: ReaderTools,
  fragment: Fragment,
  parsed: unknown,
): Promise<ReadonlyMap<object, unknown>> {
  const foreign = new Map<object, unknown>()
  const pending: Promise<void>[] = []
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    if (!Array.isArray(value) && looksLikePlaceholder(value)) visitPlaceholder(value)
    else for (const item of Object.values(value)) visit(item)
  }
  const visitPlaceholder = (placeholder: Placeholder): void => {
    switch (placeholder.lc) {
      case 'raw':
        for (const item of Object.values(placeholder.v)) visit(item)
        return
      case 'msg':
        return
      case 'ref': {
        const opened = tools.open(refOf(fragment, placeholder.i))
        if (opened.type !== fragmentType.list)
          pending.push(loadObject(tools, opened).then((loaded) => void foreign.set(placeholder, loaded)))
      }
    }
  }
  visit(parsed)
  await Promise.all(pending)
  return foreign
}

async function loadObject(tools: ReaderTools, object: DecodedObject): Promise<unknown> {
  return object.type === fragmentType.value ? await readValue(tools, object) : await tools.load(object)
}

class Reviver {
  readonly #tools: ReaderTools
  readonly #fragment: Fragment
  readonly #foreign: ReadonlyMap<object, unknown>

  constructor(tools: ReaderTools, fragment: Fragment, foreign: ReadonlyMap<object, unknown>) {
    this.#tools = tools
    this.#fragment = fragment
    this.#foreign = foreign
  }

  /** Parsed JSON is nobody else's, so it is changed in place. */
  revive(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) {
      for (let at = 0; at < value.length; at++) value[at] = this.revive(value[at])
      return value as unknown
    }
    if (looksLikePlaceholder(value)) return this.#placeholder(value)
    const record = value as Record<string, unknown>
    for (const key of Object.keys(record)) defineField(record, key, this.revive(record[key]))
    return record['lc'] === 2 ? reviveRecord(record) : record
  }

  #placeholder(placeholder: Placeholder): unknown {
    switch (placeholder.lc) {
      case 'raw': {
        const raw = placeholder.v
        for (const key of Object.keys(raw)) raw[key] = this.revive(raw[key])
        return raw
      }
      case 'msg': {
        const [body] = this.#open(placeholder.i).entries
        if (body === undefined) throw new DamagedFragment('a message refers to what is none')
        return createMessage(placeholder.id === undefined ? body : body.withId(placeholder.id))
      }
      case 'ref':
        if (this.#foreign.has(placeholder)) return this.#foreign.get(placeholder)
        return messagesOf(this.#tools, this.#open(placeholder.i)).map(createMessage)
    }
  }

  #open(position: number): DecodedObject {
    return this.#tools.open(refOf(this.#fragment, position))
  }
}

function refOf(fragment: Fragment, position: number): ObjectId {
  const id = fragment.refs[position]
  if (id === undefined) throw new DamagedFragment(`it has no reference ${position}`)
  return id
}

/** The messages of a list, in order. */
function messagesOf(tools: ReaderTools, list: Fragment): MessageEntry[] {
  const json = parseJson(list.bytes)
  const parts = parseList(json, list.refs)
  if (parts === undefined) throw new DamagedFragment('a list of messages is damaged')
  const entries: MessageEntry[] = []
  const append = (id: ObjectId): void => {
    const object = tools.open(id)
    if (object.type === fragmentType.index) for (const child of object.refs) append(child)
    else for (const entry of object.entries) entries.push(entry)
  }
  for (const id of parts.closedPart) append(id)
  for (const { bodyId, messageId } of parts.openPart) {
    const body = tools.open(bodyId).entries[0]
    if (body === undefined) throw new DamagedFragment('a list refers to what is no message')
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
