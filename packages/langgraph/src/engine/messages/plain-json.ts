import { fieldNamed, setFieldNamed } from './field-named.js'

/** Deeper data is left to the serializer, which has limits of its own. */
const MAX_DEPTH = 40

/** Keys by which LangChain and LangGraph tell their own objects from data; an object that has one is not plain. */
const MARKED_KEYS = ['lc', '__lc_escaped__', 'lg_name', '__proto__'] as const

/** The answer of {@link copyPlain} for data that is not plain. `undefined` is plain, and no JSON. */
export const notPlain: unique symbol = Symbol('not plain JSON')

/** What most messages have several of; one of each stands in all copies of ours, so that it is at hand. */
const EMPTY_OBJECT: object = Object.freeze({})
const EMPTY_ARRAY: readonly unknown[] = Object.freeze([])

/** Shares the empty fields of an object that JSON was parsed to, as {@link copyPlain} shares those of its copies. */
export function shareEmpty(parsed: object): void {
  const fields = parsed as Record<string, unknown>
  for (const key in fields) {
    const value = fields[key]
    if (typeof value !== 'object' || value === null || !isEmpty(value)) continue
    fields[key] = Array.isArray(value) ? EMPTY_ARRAY : EMPTY_OBJECT
  }
}

/**
 * A deep copy of data made of strings, finite numbers, booleans, null, arrays and plain objects; keys whose value is
 * `undefined` are left out, as JSON leaves them out.
 */
export function copyPlain(value: unknown, depth = 0): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'undefined':
      return value
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0) ? value : notPlain
    case 'object':
      if (value === null) return null
      if (depth >= MAX_DEPTH) return notPlain
      return Array.isArray(value) ? copyArray(value, depth + 1) : copyObject(value, depth + 1)
    case 'bigint':
    case 'symbol':
    case 'function':
      return notPlain
  }
}

/**
 * Whether `live` is what `copy`, made by {@link copyPlain}, was made of. True only if JSON of both is the same, up to
 * keys whose value is `undefined`; the order of keys counts.
 */
export function equalsCopy(live: unknown, copy: unknown): boolean {
  if (typeof live !== 'object' || live === null) return live === copy && !Object.is(live, -0)
  // Most are: the fields that a message has and does not use.
  if (copy === EMPTY_OBJECT && isEmptyRecord(live)) return true
  if (copy === EMPTY_ARRAY && isEmptyArray(live)) return true
  if (typeof copy !== 'object' || copy === null) return false
  if (Array.isArray(live)) {
    if (!Array.isArray(copy) || live.length !== copy.length) return false
    for (let at = 0; at < live.length; at++) if (!equalsCopy(live[at], copy[at])) return false
    return !hasToJson(live)
  }
  if (!isPlainObject(live) || hasToJson(live)) return false
  if (Array.isArray(copy)) return false
  const keys = Object.keys(copy)
  let matched = 0
  for (const key of Object.keys(live)) {
    const value = (live as Record<string, unknown>)[key]
    if (value === undefined) continue
    if (key !== keys[matched] || !equalsCopy(value, (copy as Record<string, unknown>)[key])) return false
    matched += 1
  }
  return matched === keys.length
}

/** A deep copy of what {@link copyPlain} gave, or of parsed JSON. */
export function cloneJson<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  if (value === EMPTY_OBJECT) return {} as T
  if (value === EMPTY_ARRAY) return [] as T
  if (Array.isArray(value)) return value.map((item: unknown) => cloneJson(item)) as T
  // Field by field, not by `{ ...value }`: what gets a field after that, as the id of a message, has a hidden class of its
  // own in V8 (each one's fields are then looked up the slow way, and each class outlives its object).
  const clone: Record<string, unknown> = {}
  const fields = value as Readonly<Record<string, unknown>>
  for (const key of Object.keys(fields)) setFieldNamed(clone, key, cloneJson(fieldNamed(fields, key)))
  return clone as T
}

export function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

interface Foreign {
  readonly constructor?: unknown
  readonly toJSON?: unknown
}

/** Whether it is surely `{}`. Asks for the constructor, because that costs a fraction of asking for the prototype. */
function isEmptyRecord(value: Foreign): boolean {
  return isEmpty(value) && value.constructor === Object && value.toJSON === undefined
}

/** Whether it is surely `[]`. */
function isEmptyArray(value: Foreign): boolean {
  return Array.isArray(value) && value.length === 0 && value.toJSON === undefined
}

function isEmpty(object: object): boolean {
  for (const _ in object) return false
  return true
}

function copyArray(array: readonly unknown[], depth: number): unknown {
  if (hasToJson(array)) return notPlain
  if (array.length === 0) return EMPTY_ARRAY
  const copy: unknown[] = []
  for (let at = 0; at < array.length; at++) {
    const item = copyPlain(array[at], depth)
    // JSON makes null of it.
    if (item === undefined || item === notPlain) return notPlain
    copy.push(item)
  }
  return copy
}

function copyObject(object: object, depth: number): unknown {
  if (!isPlainObject(object) || hasToJson(object)) return notPlain
  if (MARKED_KEYS.some((key) => Object.hasOwn(object, key))) return notPlain
  if (isEmpty(object)) return EMPTY_OBJECT
  const copy: Record<string, unknown> = {}
  for (const key of Object.keys(object)) {
    const item = copyPlain((object as Record<string, unknown>)[key], depth)
    if (item === notPlain) return notPlain
    if (item !== undefined) copy[key] = item
  }
  return copy
}

function hasToJson(value: object): boolean {
  return typeof (value as { readonly toJSON?: unknown }).toJSON === 'function'
}
