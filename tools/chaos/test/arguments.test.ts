import { UsageError } from '@cairnkit/tool-kit'
import { describe, expect, test } from 'vitest'
import { USAGE, readArguments } from '../src/arguments.js'
import { faultKinds, faults } from '../src/faults/index.js'

test('without options both clients are tried on Sentinel and Cluster, with one replica', () => {
  expect(readArguments([])).toEqual({
    short: false,
    topologies: ['sentinel', 'cluster'],
    clients: ['ioredis', 'node-redis'],
    minutes: 5,
    seed: 1,
    writers: 8,
    replicas: 1,
    healing: undefined,
    faults: faultKinds.filter((kind) => kind !== 'empty'),
    network: undefined,
    json: undefined,
  })
})

test('everything can be said', () => {
  const text =
    '--topology cluster --client node-redis --minutes 0.5 --seed 7 --writers 2 --replicas all ' +
    '--healing off --faults empty,kill --network proxy --json x.json --short'
  expect(readArguments(text.split(' '))).toEqual({
    short: true,
    topologies: ['cluster'],
    clients: ['node-redis'],
    minutes: 0.5,
    seed: 7,
    writers: 2,
    replicas: 'all',
    healing: 'off',
    faults: ['kill', 'empty'],
    network: 'proxy',
    json: 'x.json',
  })
})

test('help names every fault', () => {
  expect(readArguments(['-h'])).toBe('help')
  for (const kind of faultKinds) expect(USAGE).toContain(faults[kind].title)
})

describe('what was not meant is refused', () => {
  test.each([
    [['--fast'], /--fast/],
    [['--topology', 'ring'], /--topology: there is no "ring"/],
    [['--client', ''], /--client: there is no ""/],
    [['--faults', 'kill,flood'], /"flood"/],
    [['--replicas', 'none'], /--replicas is a whole number from 0 on, got "none"/],
    [['--writers', '0'], /--writers/],
    [['--minutes', '-1'], /minutes/],
  ])('%j', (args, message) => {
    expect(() => readArguments(args)).toThrow(UsageError)
    expect(() => readArguments(args)).toThrow(message)
  })
})
