import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { documents, root } from './support/documents.js'
import { importedPackages, installLines, missingPeers } from './support/install-lines.js'

/** Languages of blocks that are not compiled. `js` is for files of other tools: it begins with a comment with their name. */
const otherLanguages = ['js', 'sh', 'mermaid', 'json', 'yaml', 'text']

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

/** What is not marked `types` is JavaScript, also where it is compiled as TypeScript. */
const code = all.flatMap(({ path, blocks }) =>
  blocks.filter(({ info }) => info[0] === 'ts' || info[0] === 'js').map((block) => ({ path, ...block })),
)

/** Whether this Node would run it, judged without running it. */
function isJavaScript(text: string): boolean {
  const options = ['--check', '--input-type=module', '-']
  return spawnSync(process.execPath, options, { input: text, encoding: 'utf8' }).status === 0
}

describe.each(code)('the code of $path, line $line', ({ info, code: text }) => {
  it('is JavaScript, or is said to show types', () => {
    expect(isJavaScript(text)).toBe(!info.includes('types'))
  })

  it('says which file it is, if it is one of another tool', () => {
    expect(info[0] === 'ts' || /^\/\/ \S+\.m?js\n/.test(text)).toBe(true)
  })

  it('declares nothing with `using`, which is a syntax error in Node 20 and 22', () => {
    expect(text).not.toMatch(/^\s*(await )?using /m)
  })
})

describe.each(all.filter(({ path }) => path.endsWith('README.md')))(
  'the install lines of $path',
  (document) => {
    const lines = installLines(document)

    it('name every peer of what they install', () => {
      expect(lines.map((names) => ({ names, missing: missingPeers(names) }))).toEqual(
        lines.map((names) => ({ names, missing: [] })),
      )
    })

    it('name what the examples import', () => {
      if (lines.length === 0) return
      expect(importedPackages(document).filter((name) => !lines.flat().includes(name))).toEqual([])
    })
  },
)

it.each(all.filter(({ path }) => path.startsWith('packages/')))('$path is short', ({ text }) => {
  expect(text.split('\n').length).toBeLessThanOrEqual(121)
})
