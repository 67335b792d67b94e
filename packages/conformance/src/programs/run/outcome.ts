import type { IdNames } from './id-names.js'
import { inOrderOf, textOf } from './ordering.js'

/** What a step gave, line by line: a path and what stands there. Two outcomes are the same if their lines are. */
export type Outcome = readonly OutcomeLine[]

export interface OutcomeLine {
  readonly path: string
  readonly text: string
}

/**
 * The lines of a plain value, its ids named. Keys are in the order of their names, so that what one saver gives back in
 * another order is the same.
 */
export function outcomeOf(value: unknown, names: IdNames): Outcome {
  const lines: OutcomeLine[] = []
  addLines(lines, '', value, names)
  return lines
}

function addLines(lines: OutcomeLine[], path: string, value: unknown, names: IdNames): void {
  if (typeof value === 'object' && value !== null) {
    const isList = Array.isArray(value)
    const entries = isList ? [...inOrder(value, names).entries()] : orderedEntries(value, names)
    if (entries.length === 0) lines.push({ path, text: isList ? '[]' : '{}' })
    for (const [key, part] of entries) {
      addLines(lines, isList ? `${path}[${key}]` : `${path}.${names.name(String(key))}`, part, names)
    }
    return
  }
  lines.push({ path, text: names.name(typeof value === 'string' ? JSON.stringify(value) : String(value)) })
}

/**
 * LangGraph gathers interrupts as their tasks end, which in parallel subgraphs is as fast as the saver is: in what it
 * streams, in states, and in the write of the task that holds the subgraph.
 */
function inOrder(list: readonly unknown[], names: IdNames): readonly unknown[] {
  if (!list.every(isInterrupt)) return list
  return inOrderOf(list, (item) => names.preview(textOf(item)))
}

function isInterrupt(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'id' in value && 'value' in value
}

function orderedEntries(value: object, names: IdNames): [string, unknown][] {
  const keyed = Object.entries(value).map(([key, part]) => ({
    key,
    part: part as unknown,
    shown: names.preview(key),
  }))
  return inOrderOf(keyed, ({ shown }) => shown).map(({ key, part }) => [key, part])
}
