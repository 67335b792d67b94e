import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { asCommonJs, asEntry, asModule, parseExample, withDriver, withUrl } from '../src/documents/example.js'
import { namedFiles } from '../src/documents/named-files.js'
import { readReadme } from '../src/documents/readme.js'
import { lmdbBuilds } from '../src/managers/pnpm.js'
import { root } from '../src/root.js'

const markdown = readFileSync(join(root, 'README.md'), 'utf8')
const readme = readReadme(markdown)
const url = 'redis://127.0.0.1:6379'

function parses(code: string, type: 'module' | 'commonjs'): boolean {
  const options = ['--check', `--input-type=${type}`, '-']
  return spawnSync(process.execPath, options, { input: code }).status === 0
}

describe('what is taken from the README', () => {
  it.each(['@cairnkit/lmdb', '@cairnkit/ioredis', '@cairnkit/node-redis'])(
    'is the install line of %s',
    (driver) => {
      const line = readme.installLine(driver)
      expect(line).toContain('@cairnkit/connect')
      expect(line.every((name) => /^(@[a-z]+\/)?[a-z-]+$/.test(name))).toBe(true)
    },
  )

  it('is no line for a driver that has none', () => {
    expect(() => readme.installLine('@cairnkit/nothing')).toThrow('no install line for @cairnkit/nothing')
  })

  it('is the example, which comes out as it stands there', () => {
    expect(markdown).toContain(`\`\`\`ts runnable\n${asModule(readme.example)}\`\`\``)
  })
})

describe('the example in another form', () => {
  it('has another URL, and nothing else', () => {
    expect(asModule(withUrl(readme.example, url)).replace(`'${url}'`, "'lmdb:./memory'")).toBe(
      asModule(readme.example),
    )
  })

  it('is CommonJS', () => {
    const code = asCommonJs(readme.example)
    expect(code).toMatch(/^const \{ connect \} = require\('@cairnkit\/connect'\)\n/)
    expect(parses(code, 'commonjs')).toBe(true)
    expect(parses(asModule(readme.example), 'commonjs')).toBe(false)
  })

  it('names a driver, without await outside of a function', () => {
    const code = asEntry(withDriver(readme.example, url, { names: 'create', from: 'driver' }))
    expect(code).toContain("import { create } from 'driver'\n")
    expect(code).toContain(`connect('${url}', { drivers: [create] })`)
    expect(parses(code, 'module')).toBe(true)
    expect(parses(code.replaceAll(/^import .*$/gm, ''), 'commonjs')).toBe(true)
  })

  it('is refused where it would be another program', () => {
    expect(() => parseExample("import all from 'somewhere'\n")).toThrow('not understood')
    expect(() => withUrl({ imports: [], body: "connect('memory:')" }, url)).toThrow('does not say')
  })
})

describe('the files that a document shows', () => {
  it('are found by the comment with their name', () => {
    const files = namedFiles('a\n\n```js\n// one.mjs\n1\n```\n\n```js\n2\n```\n')
    expect(files.text('one.mjs')).toBe('// one.mjs\n1\n')
    expect(() => files.text('two.mjs')).toThrow('shows no file two.mjs')
  })

  it.each(['app/api/chat/route.js', 'next.config.mjs', 'build.mjs', 'webpack.config.mjs', 'vite.config.mjs'])(
    '%s is among those of docs/bundlers.md',
    (name) => {
      const files = namedFiles(readFileSync(join(root, 'docs/bundlers.md'), 'utf8'))
      expect(parses(files.text(name), 'module')).toBe(true)
    },
  )
})

it('pnpm is told about install scripts what docs/bundlers.md tells its readers', () => {
  const lines = Object.entries(lmdbBuilds).map(([name, allowed]) => `  ${name}: ${allowed}\n`)
  const markdown = readFileSync(join(root, 'docs/bundlers.md'), 'utf8')
  expect(markdown).toContain(`\`\`\`yaml\nallowBuilds:\n${lines.join('')}\`\`\``)
})
