import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { compileScripts } from '../src/lua/compile.js'
import { renderModule } from '../src/lua/render.js'
import { stripLua } from '../src/lua/strip.js'

const header = `-- Reads.
-- KEYS[1]  the partition
-- ARGV[1]  a member
-- Returns  the member
`

function compile(verbs: Record<string, string>, includes: Record<string, string> = {}) {
  return compileScripts({
    verbs: new Map(Object.entries(verbs)),
    includes: new Map(Object.entries(includes)),
  })
}

describe('comments', () => {
  it('go, strings stay', () => {
    const source = `--[[ block
    comment ]]
local a = '--x' .. "--\\"--" .. [[--y]] -- tail
  -- whole line

return a --[=[ in ]] between ]=] .. 'b'
`
    expect(stripLua(source)).toBe(`local a = '--x' .. "--\\"--" .. [[--y]]\nreturn a   .. 'b'\n`)
  })

  it('a string over several lines is refused', () => {
    expect(() => stripLua('return [[\n\n]]')).toThrow('spans lines')
  })
})

describe('includes', () => {
  it('are pulled in once, where they are first asked for, helpers of helpers too', () => {
    const [script] = compile(
      { read: `${header}--- @include a\n--- @include b\nreturn a(KEYS[1], ARGV[1])\n` },
      { a: '--- @include b\nlocal function a() return b() end\n', b: 'local function b() end\n' },
    )
    expect(script?.source).toBe(
      'local function b() end\nlocal function a() return b() end\nreturn a(KEYS[1], ARGV[1])\n',
    )
  })

  it.each([
    ['a missing helper', '--- @include nope', {}, 'read.lua: includes/nope.lua does not exist'],
    ['a circle', '--- @include a', { a: '--- @include b', b: '--- @include a' }, 'a > b > a'],
    ['a directive that would be a mere comment', '-- @include a', { a: '' }, 'write "--- @include name"'],
    ['a helper that nobody includes', '', { a: '' }, 'includes/a.lua: no script includes it'],
  ])('%s is an error', (_name, line, includes, message) => {
    expect(() => compile({ read: `${header}${line}\nreturn KEYS[1]` }, includes)).toThrow(message)
  })
})

describe('headers', () => {
  it('tell whether a script only reads', () => {
    const scripts = compile({
      read: `${header}-- Flags: read-only\nreturn KEYS[1]`,
      commit: `${header}return KEYS[1]`,
    })
    expect(scripts.map(({ name, readOnly }) => [name, readOnly])).toEqual([
      ['commit', false],
      ['read', true],
    ])
  })

  it.each([
    ['a missing section', '-- KEYS[1] p\n-- ARGV none\nreturn KEYS[1]', 'Returns is missing'],
    ['an unknown flag', `${header}-- Flags: readonly\nreturn KEYS[1]`, 'unknown flag "readonly"'],
    ['an undeclared key', `${header}return KEYS[1] .. KEYS[2]`, 'KEYS[2] is used'],
    ['a key that is never used', `${header}return 1`, 'the header lists KEYS[1]'],
    ['an undeclared argument', `${header}return KEYS[1] .. ARGV[3]`, 'ARGV[3] is used'],
  ])('%s is an error', (_name, source, message) => {
    expect(() => compile({ read: source })).toThrow(`read.lua: `)
    expect(() => compile({ read: source })).toThrow(message)
  })
})

it('the module holds the exact source and its digest', async () => {
  const line = "return KEYS[1] .. '\\0`${x}' .. 'é'\n"
  const module = renderModule(compile({ 'swap-one': header + line }))
  const code = module.replaceAll(' as string', '').replaceAll(' as const', '')
  const loaded: unknown = await import(`data:text/javascript,${encodeURIComponent(code)}`)
  expect(loaded).toMatchObject({
    scripts: {
      swapOne: {
        name: 'swap-one',
        source: line,
        sha1: createHash('sha1').update(line).digest('hex'),
        readOnly: false,
      },
    },
  })
})
