import { UsageError } from '@cairnkit/tool-kit'
import { expect, test } from 'vitest'
import { readArguments } from '../src/arguments.js'
import { cellNames } from '../src/run/cells.js'

test('a thousand programs on memory, from any seed, unless something else is typed', () => {
  expect(readArguments([])).toMatchObject({ count: 1000, cells: ['memory | process'], json: undefined })
  expect(readArguments(['--short'])).toMatchObject({ count: 60 })
  expect(readArguments(['--short', '--count', '7', '--seed', '3'])).toMatchObject({ count: 7, seed: 3 })
})

test('cells are named as in the matrix of tests', () => {
  expect(readArguments(['--cell', 'ioredis | cluster'])).toMatchObject({ cells: ['ioredis | cluster'] })
  expect(readArguments(['--cell', 'all'])).toMatchObject({ cells: cellNames })
  expect(() => readArguments(['--cell', 'redis'])).toThrow(UsageError)
})

test('help is asked for', () => {
  expect(readArguments(['-h'])).toBe('help')
})
