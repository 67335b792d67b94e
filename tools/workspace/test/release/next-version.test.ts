import { describe, expect, it } from 'vitest'
import type { Change, Kind } from '../../src/release/change.js'
import { changesOf } from '../../src/release/change.js'
import { checkVersion, lastReleased, nextVersion } from '../../src/release/next-version.js'

const changes = (...kinds: readonly Kind[]): Change[] =>
  kinds.map((kind) => ({ kind, packages: ['core'], subject: 'Do it', hash: 'abc' }))

describe('what a commit means to users', () => {
  const commit = { hash: '0123456789', subject: 'Do it', release: '', published: ['core'] }

  it('is a change if it alters what is published, and nothing otherwise', () => {
    expect(changesOf([commit, { ...commit, published: [] }])).toEqual([
      { kind: 'change', packages: ['core'], subject: 'Do it', hash: '0123456789' },
    ])
  })

  it('is what its line says, whatever it alters', () => {
    const kindsOf = (release: string, published: string[]): string[] =>
      changesOf([{ ...commit, release, published }]).map(({ kind }) => kind)
    expect(kindsOf('new', ['core'])).toEqual(['new'])
    expect(kindsOf('breaking', [])).toEqual(['breaking'])
    expect(kindsOf('change', [])).toEqual(['change'])
    expect(kindsOf('none', ['core'])).toEqual([])
  })

  it.each(['braking', 'new,breaking', 'patch'])('is not guessed: %s', (release) => {
    expect(() => changesOf([{ ...commit, release }])).toThrow(
      /Commit 0123456 says .* none, change, new, breaking/,
    )
  })
})

describe('the next version', () => {
  it.each([
    ['0.1.0', changes(), '0.1.1'],
    ['0.1.0', changes('change'), '0.1.1'],
    ['0.1.9', changes('change', 'new'), '0.2.0'],
    ['0.1.9', changes('breaking', 'change'), '0.2.0'],
    ['1.4.2', changes('change'), '1.4.3'],
    ['1.4.2', changes('new', 'change'), '1.5.0'],
    ['1.4.2', changes('new', 'breaking'), '2.0.0'],
  ])('after %s', (current, since, next) => {
    expect(nextVersion(current, since)).toBe(next)
  })

  it('may be asked for if it is larger, and for a first release if it is the same', () => {
    expect(checkVersion('1.0.0', '0.9.12', false)).toBe('1.0.0')
    expect(checkVersion('0.1.0', '0.1.0', true)).toBe('0.1.0')
    expect(() => checkVersion('0.1.0', '0.1.0', false)).toThrow(/does not come after/)
    expect(() => checkVersion('0.9.2', '0.9.12', false)).toThrow(/does not come after/)
  })

  it.each(['v1.0.0', '1.0', '1.0.0-rc.1', 'minor', ''])('is three numbers, not "%s"', (asked) => {
    expect(() => checkVersion(asked, '0.1.0', false)).toThrow(/three numbers/)
  })
})

it('the last release is the largest version among the tags', () => {
  expect(lastReleased(['v0.9.0', 'v0.10.0', 'v0.2.0', 'latest', 'v9', 'x-v3.0.0'])).toBe('0.10.0')
  expect(lastReleased(['latest'])).toBeUndefined()
})
