import { expect, test } from 'vitest'
import {
  type Feature,
  features,
  featuresOf,
  generateProgram,
  printProgram,
} from '../../src/programs/index.js'

const savers = { one: 1, another: 1 }

test('a seed gives the same program each time, and another seed another one', () => {
  expect(generateProgram(7, savers)).toEqual(generateProgram(7, savers))
  expect(printProgram(generateProgram(7, savers))).not.toBe(printProgram(generateProgram(8, savers)))
})

test('graph and steps do not depend on which savers there are', () => {
  const [two, three] = [generateProgram(7, savers), generateProgram(7, { ...savers, third: 5 })]
  expect(three.graph).toEqual(two.graph)
  expect(three.steps.map((step) => ({ ...step, saver: '' }))).toEqual(
    two.steps.map((step) => ({ ...step, saver: '' })),
  )
})

test('a thousand programs leave nothing out that a program can have', () => {
  const found = new Set<Feature>()
  for (let seed = 0; seed < 1000; seed++)
    for (const feature of featuresOf(generateProgram(seed, savers))) found.add(feature)
  expect(features.filter((feature) => !found.has(feature))).toEqual([])
  expect([...found].filter((feature) => !features.includes(feature))).toEqual([])
})

test('a program prints its graph and its steps', () => {
  const text = printProgram(generateProgram(1, savers))
  expect(text).toMatch(/^Program of seed 1\nState: log, count/)
  expect(text).toMatch(/START -> n1/)
  expect(text).toMatch(/ {2}1\. thread A, saver (one|another): /)
})
