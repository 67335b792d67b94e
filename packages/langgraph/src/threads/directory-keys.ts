/**
 * The keys of a partition of the directory. Those of one thread are written and removed in one commit.
 *
 * | key | record |
 * |---|---|
 * | `t`, thread id | the entry |
 * | `i`, order, time, thread id | empty: that the thread stands at this time; order is `c` (created) or `u` (updated) |
 * | `k`, key, value, order, time, thread id | the same among the threads that have this value |
 * | `e`, time, thread id | empty: that the thread ends then, as far as it is known |
 */
import { createHash } from 'node:crypto'
import type { Tuple } from '@cairnkit/core'
import type { DirectoryEntry } from './directory-entry.js'

/** What threads are sorted by; the names are LangGraph's. */
export type ThreadOrder = 'created_at' | 'updated_at'

const orderNames: Readonly<Record<ThreadOrder, string>> = { created_at: 'c', updated_at: 'u' }

/** As many digits as any time has until the year 33658. */
const TIME_DIGITS = 15

/** A longer value stands in keys as its hash. */
const MOST_VALUE_LENGTH = 200

export const entriesPrefix: Tuple = Object.freeze(['t'])
export const endsPrefix: Tuple = Object.freeze(['e'])

export function entryKey(threadId: string): Tuple {
  return ['t', threadId]
}

/** Below it are all threads, or those that have a value, in the order of a time. */
export function orderPrefix(order: ThreadOrder, having?: readonly [key: string, value: string]): Tuple {
  const name = orderNames[order]
  return having === undefined ? ['i', name] : ['k', having[0], inKey(having[1]), name]
}

export function timeElement(timeMs: number): string {
  return String(timeMs).padStart(TIME_DIGITS, '0')
}

/** The keys of a thread besides that of its entry. */
export function indexKeys(threadId: string, entry: DirectoryEntry): Tuple[] {
  const orders: readonly [ThreadOrder, number][] = [
    ['created_at', entry.createdAtMs],
    ['updated_at', entry.updatedAtMs],
  ]
  const keys = orders.map(([order, timeMs]) => [...orderPrefix(order), timeElement(timeMs), threadId])
  for (const key of entry.indexed) {
    const value = valueOf(entry, key)
    if (value === undefined) continue
    for (const [order, timeMs] of orders)
      keys.push([...orderPrefix(order, [key, value]), timeElement(timeMs), threadId])
  }
  if (entry.endsAtMs !== undefined) keys.push([...endsPrefix, timeElement(entry.endsAtMs), threadId])
  return keys
}

/** The value by which a thread is found: what its metadata say counts before what its runs said. */
export function valueOf({ metadata, tags }: DirectoryEntry, key: string): string | undefined {
  const value: unknown = Object.hasOwn(metadata, key)
    ? metadata[key]
    : Object.hasOwn(tags, key)
      ? tags[key]
      : undefined
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined
}

function inKey(value: string): string {
  return value.length <= MOST_VALUE_LENGTH
    ? `=${value}`
    : `#${createHash('sha256').update(value).digest('hex')}`
}
