import { describe, expect, it } from 'vitest'
import { readTestArguments } from '../src/test-command/arguments.js'
import { scopeOf } from '../vitest.scope.js'

describe('the arguments of the test command', () => {
  it('are the usual run when nothing is typed', () => {
    expect(readTestArguments([])).toEqual({ scope: 'usual', detail: 'reasons', forVitest: [] })
  })

  it('are its own options, and all else is for vitest, in its order', () => {
    expect(readTestArguments(['packages/core', '--quick', '-t', 'epoch', '--names'])).toEqual({
      scope: 'quick',
      detail: 'names',
      forVitest: ['packages/core', '-t', 'epoch'],
    })
  })

  it('name one scope', () => {
    expect(() => readTestArguments(['--rest', '--all'])).toThrow(TypeError)
  })

  it('ask for help', () => {
    expect(readTestArguments(['--help'])).toBe('help')
  })
})

describe('the scope of a run', () => {
  it('is everything where no command says otherwise', () => {
    expect([scopeOf(undefined), scopeOf('')]).toEqual(['all', 'all'])
  })

  it('is refused when nobody knows it', () => {
    expect(() => scopeOf('most')).toThrow(/usual, rest, all, quick/)
  })
})
