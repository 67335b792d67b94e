import { describe, expect, test } from 'vitest'
import { UsageError, nameOptions, numberOption, parseOptions } from '@cairnkit/tool-kit'

describe('names', () => {
  test('are given in the order of those that are known', () => {
    expect(nameOptions('--only', 'c, a', ['a', 'b', 'c'])).toEqual(['a', 'c'])
    expect(nameOptions('--only', undefined, ['a'])).toBeUndefined()
  })

  test.each(['', 'd', 'a,,b'])('%j is refused', (text) => {
    expect(() => nameOptions('--only', text, ['a', 'b'])).toThrow(UsageError)
    expect(() => nameOptions('--only', text, ['a', 'b'])).toThrow(
      /^--only: there is no ".*". There are: a, b$/,
    )
  })
})

describe('numbers', () => {
  test('are as they were typed, or the default', () => {
    expect(numberOption('--n', '7', 1, { least: 7, most: 7 })).toBe(7)
    expect(numberOption('--n', undefined, 1, { least: 7 })).toBe(1)
    expect(numberOption('--n', '0.5', 1, { least: 0, fractions: true })).toBe(0.5)
  })

  test.each([
    ['6', { least: 7 }, '--n is a whole number from 7 on, got "6"'],
    ['9', { least: 7, most: 8 }, '--n is a whole number from 7 to 8, got "9"'],
    ['7.5', { least: 7 }, 'a whole number'],
    ['-1', { least: 0, fractions: true }, 'a number from 0 on'],
    ['', { least: 0 }, 'got ""'],
    ['1e3', { least: 0 }, 'got "1e3"'],
    ['99999999999999999999', { least: 0 }, 'whole number'],
  ])('%j is refused for %j', (text, range, message) => {
    expect(() => numberOption('--n', text, 1, range)).toThrow(UsageError)
    expect(() => numberOption('--n', text, 1, range)).toThrow(message)
  })
})

test('an option that is not known is an error of usage', () => {
  const options = { rounds: { type: 'string' } } as const
  expect(parseOptions({ args: ['--rounds', '3'], options }).values.rounds).toBe('3')
  expect(() => parseOptions({ args: ['--round'], options })).toThrow(UsageError)
})
