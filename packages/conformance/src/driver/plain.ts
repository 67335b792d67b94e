import assert from 'node:assert/strict'
import type { StoredObject, StoredRecord } from '@cairnkit/core/driver'
import { same } from './same.js'

/**
 * Results as plain data that compares and prints well: bytes become text, maps become sorted lists. Whether bytes come
 * as a `Buffer` or a plain `Uint8Array` makes no difference.
 */
export function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return textOf(value)
  if (value instanceof Map) {
    return [...value.entries()]
      .map(([key, held]) => [key as string, plain(held)] as const)
      .sort(([left], [right]) => (left < right ? -1 : 1))
  }
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, held]) => [name, plain(held)]))
  }
  return value
}

export function assertSame(actual: unknown, expected: unknown, message?: string): void {
  same(plain(actual), plain(expected), message)
}

/** Keys as they came, one string per key, for short assertions about order and selection. */
export function keysOf(result: { readonly records: readonly StoredRecord[] }): string[] {
  return result.records.map(({ key }) => key.join('/'))
}

/** The text that the bytes of a record hold; `undefined` without a record. */
export function valueOf(result: { readonly record: StoredRecord | undefined }): string | undefined {
  return result.record === undefined ? undefined : Buffer.from(result.record.bytes).toString()
}

/** The texts of a closure, sorted. */
export function textsOf(objects: ReadonlyMap<string, StoredObject>): string[] {
  return [...objects.values()].map(({ bytes }) => Buffer.from(bytes).toString()).sort()
}

export function assertBytes(actual: Uint8Array, expected: Uint8Array, message: string): void {
  // Not deepStrictEqual: its report on two values of a megabyte takes minutes.
  assert.ok(actual instanceof Uint8Array, `${message}: not a Uint8Array`)
  assert.equal(actual.length, expected.length, `${message}: another length`)
  assert.equal(Buffer.compare(actual, expected), 0, `${message}: other bytes`)
}

function textOf(bytes: Uint8Array): string {
  const shown = Buffer.from(bytes.subarray(0, 200)).toString('latin1')
  return bytes.length <= 200 ? `bytes ${shown}` : `${bytes.length} bytes ${shown}…`
}
