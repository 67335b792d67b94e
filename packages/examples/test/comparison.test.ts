import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from './support/documents.js'

const readme = readFileSync(join(root, 'README.md'), 'utf8')
const section = /^## Compared with other checkpointers$([^]*?)^## /m.exec(readme)?.[1] ?? ''
const measured = tablesOf(readFileSync(join(root, 'docs/engine.md'), 'utf8'))

/** A table by its rows, and these by the titles of its columns; both without what is empty. */
type Table = ReadonlyMap<string, ReadonlyMap<string, string>>

function tablesOf(markdown: string): Table[] {
  return [...markdown.matchAll(/(?:^\|.*\|\n)+/gm)].map(([table]) => {
    const [titles = [], , ...rows] = table
      .trimEnd()
      .split('\n')
      .map((line) =>
        line
          .slice(1, -1)
          .split('|')
          .map((cell) => cell.trim()),
      )
    return new Map(
      rows.map(([name = '', ...cells]) => [
        name,
        new Map(
          cells.map((cell, at) => [titles[at + 1] ?? '', cell] as const).filter(([, cell]) => cell !== ''),
        ),
      ]),
    )
  })
}

/** The bench prints each figure of a row once in a table of these titles. */
function measurementOf(row: string, titles: readonly string[]): ReadonlyMap<string, string> | undefined {
  return measured
    .map((table) => table.get(row))
    .find((cells) => cells !== undefined && titles.every((title) => cells.has(title)))
}

describe('the comparison in the README', () => {
  const rows = tablesOf(section).flatMap((table) => [...table])

  it('has rows for Cairn and for others', () => {
    expect(rows.length).toBeGreaterThan(8)
    expect(rows.map(([name]) => name)).toEqual(expect.arrayContaining(['MemorySaver', 'Cairn, ioredis']))
  })

  it.each(rows)('has the figures of the bench: %s', (name, cells) => {
    const figures = measurementOf(name, [...cells.keys()])
    expect(Object.fromEntries([...cells.keys()].map((title) => [title, figures?.get(title)]))).toEqual(
      Object.fromEntries(cells),
    )
  })

  it('begins with a size that the bench has measured', () => {
    const size = measurementOf('Cairn, ioredis', ['turns/s', 'stored'])?.get('stored') ?? ''
    expect(readme).toContain(`a chat of 200 turns is stored in ${Number.parseFloat(size).toFixed(1)} MB`)
  })
})
