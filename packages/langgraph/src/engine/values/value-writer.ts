import type { ObjectId } from '@cairnkit/core'
import { DeltaSnapshot } from '@langchain/langgraph-checkpoint'
import { fragmentType } from '../fragments/fragment-types.js'
import { isMessage } from '../messages/message-classes.js'
import { entryOf, entryOfRecord } from '../messages/message-codec.js'
import type { MessageEntry } from '../messages/message-entry.js'
import { bodyOf } from '../objects/message-body.js'
import { encodeList } from '../objects/message-list.js'
import { type NewObject, newObjectOf } from '../objects/new-object.js'
import type { EncodedValue } from '../objects/place-value.js'
import type { WrittenObject } from './loadable-classes.js'
import { looksLikePlaceholder, messagePlaceholder, refPlaceholder } from './placeholders.js'
import type { StockSerializer } from './stock-serializer.js'
import { UnstorableValue, pathTo } from './unstorable-value.js'

/** Shorter lists of messages are written as they are, each message a placeholder. */
const MIN_LIST = 5

/** The serializer has limits of its own; what lies deeper is left to it as a whole. */
const MAX_DEPTH = 400

/** Thrown, and caught in this file, when a value can only be written as a whole by the serializer. */
class LeaveToStock extends Error {}

export interface WrittenValue {
  readonly encoded: EncodedValue
  /** What the serializer wrote of classes that LangChain was not asked for yet. */
  readonly unasked: readonly WrittenObject[]
}

/**
 * A value in pieces. Says in its own words what `JsonPlusSerializer` would write, with each message replaced by a placeholder;
 * what only the serializer can write (cycles, big integers, LangChain objects that are no messages) is left to it.
 */
export function writeValue(stock: StockSerializer, value: unknown): WrittenValue {
  if (value instanceof Uint8Array) {
    const fragment = { type: 'bytes', bytes: Uint8Array.from(value), refs: [] }
    return { encoded: { fragment, children: [] }, unasked: [] }
  }
  try {
    const writer = new ValueWriter(stock, value)
    const json = writer.write(value)
    const fragment = { type: fragmentType.value, bytes: Buffer.from(json, 'utf8'), refs: writer.refs }
    return { encoded: { fragment, children: writer.children }, unasked: writer.unasked }
  } catch (cause) {
    if (!(cause instanceof LeaveToStock)) throw cause
    const { fragment, unasked } = stock.dump(value)
    return { encoded: { fragment, children: [] }, unasked }
  }
}

class ValueWriter {
  readonly #stock: StockSerializer
  readonly #positions = new Map<ObjectId, number>()
  /** What the value refers to, by position. */
  readonly children: NewObject[] = []
  readonly #ancestors: object[] = []
  readonly #root: unknown
  readonly unasked: WrittenObject[] = []

  constructor(stock: StockSerializer, root: unknown) {
    this.#stock = stock
    this.#root = root
  }

  get refs(): ObjectId[] {
    return [...this.#positions.keys()]
  }

  /** The JSON of a value that is the root, or an item of an array: what has none becomes null. */
  write(value: unknown): string {
    return this.#json(value, '') ?? 'null'
  }

  /** `undefined` for what JSON leaves out. */
  #json(value: unknown, key: string): string | undefined {
    switch (typeof value) {
      case 'string':
        return JSON.stringify(value)
      case 'number':
        return Number.isFinite(value) ? JSON.stringify(value) : 'null'
      case 'boolean':
        return value ? 'true' : 'false'
      case 'undefined':
        return '{"lc":2,"type":"undefined"}'
      case 'bigint':
        throw new LeaveToStock()
      case 'function':
      case 'symbol':
        return undefined
      case 'object':
        return value === null ? 'null' : this.#object(value, key)
    }
  }

  #object(value: object, key: string): string | undefined {
    if (isMessage(value)) return this.#message(value, key)
    if (value instanceof String || value instanceof Number || value instanceof Boolean)
      throw new LeaveToStock()
    if (this.#ancestors.includes(value) || this.#ancestors.length > MAX_DEPTH) throw new LeaveToStock()
    this.#ancestors.push(value)
    const json = this.#content(value, key)
    this.#ancestors.pop()
    return json
  }

  #content(value: object, key: string): string | undefined {
    const toJson = (value as { readonly toJSON?: unknown }).toJSON
    if (typeof toJson === 'function') {
      const replaced: unknown = toJson.call(value, key)
      if (isConstructorRecord(replaced))
        return this.#placeholder(entryOfRecord(value, replaced)) ?? this.#leaf(value)
      // What toJSON gave is not asked for its own toJSON.
      return typeof replaced === 'object' && replaced !== null
        ? this.#special(replaced)
        : this.#json(replaced, key)
    }
    return this.#special(value)
  }

  /** The kinds of objects that the serializer knows, in its order. */
  #special(value: object): string | undefined {
    if (value instanceof DeltaSnapshot) {
      const held = this.#json(value.value, 'value')
      return `{"lc":2,"type":"delta_snapshot"${held === undefined ? '' : `,"value":${held}`}}`
    }
    if (value instanceof Set || value instanceof Map) {
      return this.#record(value.constructor.name, [Array.from(value as Iterable<unknown>)])
    }
    if (value instanceof RegExp) return this.#record('RegExp', [value.source, value.flags])
    if (value instanceof Error) return this.#record('Error', [value.message])
    if ((value as { readonly lg_name?: unknown }).lg_name === 'Send') return this.#send(value)
    if (value instanceof Uint8Array) return this.#record('Uint8Array', [Array.from(value)], '"from"')
    return Array.isArray(value) ? this.#array(value) : this.#fields(value)
  }

  #array(items: readonly unknown[]): string {
    const list = items.length >= MIN_LIST ? this.#list(items) : undefined
    if (list !== undefined) return list
    let json = '['
    for (let at = 0; at < items.length; at++) {
      if (at > 0) json += ','
      json += this.#json(items[at], String(at)) ?? 'null'
    }
    return `${json}]`
  }

  #fields(value: object): string {
    if (isConstructorRecord(value)) return this.#leaf(value)
    let json = ''
    for (const key of Object.keys(value)) {
      const member = this.#json((value as Record<string, unknown>)[key], key)
      if (member !== undefined) json += `${json === '' ? '' : ','}${JSON.stringify(key)}:${member}`
    }
    return looksLikePlaceholder(value) ? `{"lc":"raw","v":{${json}}}` : `{${json}}`
  }

  #send(value: object): string {
    const { node, args, timeout } = value as {
      readonly node?: unknown
      readonly args?: unknown
      readonly timeout?: unknown
    }
    return this.#fields(timeout === undefined ? { node, args } : { node, args, timeout })
  }

  #record(name: string, args: readonly unknown[], method = 'null'): string {
    const id = JSON.stringify([name])
    return `{"lc":2,"type":"constructor","id":${id},"method":${method},"args":${this.#array(args)},"kwargs":{}}`
  }

  #message(message: object, key: string): string {
    return this.#placeholder(entryOf(message, key)) ?? this.#leaf(message)
  }

  #placeholder(entry: MessageEntry | undefined): string | undefined {
    return entry && messagePlaceholder(this.#refTo(bodyOf(entry)), entry.messageId)
  }

  /** A list of nothing but messages; `undefined` for any other. */
  #list(items: readonly unknown[]): string | undefined {
    const entries: MessageEntry[] = []
    for (let at = 0; at < items.length; at++) {
      const item = items[at]
      const entry = typeof item === 'object' && item !== null ? entryOf(item, at) : undefined
      if (entry === undefined) return undefined
      entries.push(entry)
    }
    return refPlaceholder(this.#refTo(encodeList(entries)))
  }

  /** A part that the serializer writes, as an object of its own. */
  #leaf(value: object): string {
    const pathOfLeaf = (): string => pathTo(this.#root, (part) => part === value) ?? ''
    try {
      const { fragment, unasked } = this.#stock.dump(value)
      for (const object of unasked) this.unasked.push({ ...object, path: `${pathOfLeaf()}${object.path}` })
      return refPlaceholder(this.#refTo(newObjectOf(fragment)))
    } catch (cause) {
      throw cause instanceof UnstorableValue ? cause.within(pathOfLeaf()) : cause
    }
  }

  #refTo(object: NewObject): number {
    const known = this.#positions.get(object.id)
    if (known !== undefined) return known
    this.#positions.set(object.id, this.children.length)
    return this.children.push(object) - 1
  }
}

/** Whether loading it would construct a LangChain object: of what the engine writes, nothing may. */
function isConstructorRecord(value: unknown): value is object {
  const record = value as { readonly lc?: unknown; readonly type?: unknown; readonly id?: unknown } | null
  return (
    typeof record === 'object' &&
    record !== null &&
    record.lc === 1 &&
    record.type === 'constructor' &&
    Array.isArray(record.id)
  )
}
