import assert from 'node:assert/strict'
import { inspect, isDeepStrictEqual } from 'node:util'

/**
 * Fails unless both are deeply and strictly equal. Tells the first difference and no more: the report of `assert` on
 * names of 10 KB or lists of thousands is longer than anyone reads, and takes minutes to make.
 */
export function same(actual: unknown, expected: unknown, message = 'the values differ'): void {
  if (isDeepStrictEqual(actual, expected)) return
  const at = firstDifference(actual, expected)
  const where = at.path === '' ? '' : ` at ${at.path}`
  assert.fail(`${message}${where}\n  actual:   ${shown(at.actual)}\n  expected: ${shown(at.expected)}`)
}

interface Difference {
  readonly path: string
  readonly actual: unknown
  readonly expected: unknown
}

function firstDifference(actual: unknown, expected: unknown, path = ''): Difference {
  if (isList(actual) && isList(expected) && actual.length === expected.length) {
    const at = actual.findIndex((item, position) => !isDeepStrictEqual(item, expected[position]))
    if (at >= 0) return firstDifference(actual[at], expected[at], `${path}[${at}]`)
  }
  if (isPlain(actual) && isPlain(expected)) {
    const names = Object.keys({ ...actual, ...expected })
    const name = names.find((each) => !isDeepStrictEqual(actual[each], expected[each]))
    if (name !== undefined) return firstDifference(actual[name], expected[name], `${path}.${name}`)
  }
  return { path, actual, expected }
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value)
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

function shown(value: unknown): string {
  return inspect(value, { depth: 3, maxArrayLength: 12, maxStringLength: 80, breakLength: 160 })
}
