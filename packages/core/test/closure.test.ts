import { expect, test } from 'vitest'
import {
  DriverFault,
  type GetObject,
  closureOf,
  corrupt,
  objectsRead,
  reachableFrom,
} from '../src/driver/index.js'

const bytes = new Uint8Array()
const refs: Readonly<Record<string, readonly string[]>> = { a: ['b', 'c'], b: ['c'], c: ['a'], d: ['lost'] }

const get: GetObject = (id) => {
  const found = refs[id]
  return found && { bytes, refs: found }
}
const nothingKnown: ReadonlySet<string> = new Set()

test('a closure has each object once, though they refer to each other in a circle', () => {
  expect([...closureOf({ ids: ['a', 'a'] }, nothingKnown, get).keys()]).toEqual(['a', 'b', 'c'])
  const record = { key: ['k'], bytes, refs: ['b'] }
  expect([...closureOf({ records: [record] }, nothingKnown, get).keys()]).toEqual(['b', 'c', 'a'])
})

test('what is known is left out, with what only it reaches', () => {
  expect([...closureOf({ ids: ['a'] }, new Set(['b', 'c']), get).keys()]).toEqual(['a'])
  expect([...objectsRead({ type: 'objects', ids: ['a', 'b'] }, new Set(['b']), get).keys()]).toEqual(['a'])
})

test('an object may be missing if the read names it, and not if something refers to it', () => {
  expect(closureOf({ ids: ['lost'] }, nothingKnown, get).size).toBe(0)
  expect(() => closureOf({ ids: ['d'] }, nothingKnown, get)).toThrow(
    /lost is missing, and the object d refers/,
  )
  const record = { key: ['k'], bytes, refs: ['lost'] }
  expect(() => closureOf({ records: [record] }, nothingKnown, get)).toThrow(/the record \["k"\] refers to it/)
})

test('a fault about an object names the record that cannot be read for it', () => {
  const record = { key: ['k'], bytes, refs: ['a'] }
  const damaged: GetObject = () => {
    throw corrupt('the object a is damaged')
  }
  expect(() => closureOf({ records: [record] }, nothingKnown, damaged)).toThrow(DriverFault)
  expect(() => closureOf({ records: [record] }, nothingKnown, damaged)).toThrow(
    'the object a is damaged, and the record ["k"] refers to it',
  )
})

test('what is reachable is told whether or not it is there', () => {
  expect([...reachableFrom(['b', 'd'], (id) => refs[id])]).toEqual(['b', 'd', 'c', 'lost', 'a'])
})
