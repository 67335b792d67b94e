import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { documents, root } from './support/documents.js'

/** Languages of blocks that are not compiled. TypeScript is written `ts`, and there is no plain JavaScript. */
const otherLanguages = ['sh', 'mermaid', 'json', 'yaml', 'text']

/** What a reader copies must lead somewhere; that it compiles and runs is shown by `documents-run.long.test.ts`. */
const all = documents()

it('shows the quickstart of the examples in the README of the root', () => {
  const readme = all.find(({ path }) => path === 'README.md')
  const quickstart = readme?.blocks.find(({ info }) => info.includes('runnable'))
  expect(quickstart?.code).toBe(readFileSync(join(root, 'packages/examples/src/quickstart.ts'), 'utf8'))
})

describe.each(all)('$path', ({ path, text, blocks, prose }) => {
  it('links only to what is there', () => {
    const targets = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, target]) => target ?? '')
    expect(targets.filter((target) => !existsSync(join(root, dirname(path), target)))).toEqual([])
  })

  it('says of each block what it is, and has none that is not seen', () => {
    const languages = blocks.map(({ info: [language] }) => language)
    expect(languages.filter((language) => !['ts', ...otherLanguages].includes(language ?? ''))).toEqual([])
    expect(prose).not.toMatch(/^[\s>*-]*(`{3}|~{3})/m)
  })
})

it.each(all.filter(({ path }) => path.startsWith('packages/')))('$path is short', ({ text }) => {
  expect(text.split('\n').length).toBeLessThanOrEqual(121)
})
