import { UsageError } from '@cairnkit/tool-kit'
import { describe, expect, test } from 'vitest'
import { USAGE, readArguments } from '../src/arguments.js'
import { tasks } from '../src/run/tasks.js'
import { contenders } from '../src/savers/index.js'

test('without options everything is measured three times', () => {
  expect(readArguments([])).toEqual({
    quick: false,
    rounds: 3,
    seed: 1,
    only: tasks.map(({ id }) => id),
    savers: undefined,
    code: 'built',
    json: '.cairn/bench/results.json',
    html: '.cairn/bench/index.html',
  })
})

test('a quick run has one round unless told otherwise', () => {
  expect(readArguments(['--quick'])).toMatchObject({ quick: true, rounds: 1 })
  expect(readArguments(['--quick', '--rounds', '2'])).toMatchObject({ quick: true, rounds: 2 })
})

test('names are taken in the order of the run', () => {
  expect(readArguments(['--only', 'trips,chat-500', '--savers', 'memory-saver, does-nothing'])).toMatchObject(
    {
      only: ['chat-500', 'trips'],
      savers: ['does-nothing', 'memory-saver'],
    },
  )
})

test('help names everything that can be chosen', () => {
  expect(readArguments(['-h'])).toBe('help')
  for (const { id } of [...tasks, ...contenders]) expect(USAGE).toContain(id)
})

describe('what was not meant is refused', () => {
  test.each([
    [['--fast'], /--fast/],
    [['chat-500'], /chat-500/],
    [['--only', 'chat'], /--only: there is no "chat"/],
    [['--savers', ''], /--savers: there is no ""/],
    [['--rounds', '0'], /--rounds is a whole number from 1 on, got "0"/],
    [['--seed', '-1'], /seed/],
  ])('%j', (args, message) => {
    expect(() => readArguments(args)).toThrow(UsageError)
    expect(() => readArguments(args)).toThrow(message)
  })
})
