import { createHash } from 'node:crypto'
import { BaseMessage } from '@langchain/core/messages'

/** A short name for what a value means: equal before it is stored and after it was loaded. */
export function digestOf(value: unknown): string {
  return digestOfText(canonicalText(value))
}

export function digestOfText(text: string): string {
  return createHash('sha1').update(text).digest('base64url').slice(0, 12)
}

/** The value as text that does not depend on the order of names or on how a message was constructed. */
export function canonicalText(value: unknown): string {
  return JSON.stringify(canonical(value)) ?? 'undefined'
}

function canonical(value: unknown): unknown {
  if (value instanceof BaseMessage) {
    return { message: value.getType(), id: value.id, content: canonical(value.content) }
  }
  if (value instanceof Error) return { error: value.name, message: value.message }
  if (Array.isArray(value)) return value.map(canonical)
  if (value instanceof Map || value instanceof Set) return [...value].map(canonical)
  if (typeof value !== 'object' || value === null) return value
  // A packet to a node says what it is before it is stored; afterwards it is a plain object.
  const entries = Object.entries(value).filter(([name, one]) => one !== undefined && name !== 'lg_name')
  return Object.fromEntries(entries.sort(byName).map(([name, one]) => [name, canonical(one)]))
}

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1
}
