import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { texts } from '../src/workloads/text.js'

test('texts only depend on the seed', () => {
  expect(texts(7, 500, 3)).toEqual(texts(7, 500, 3))
  expect(texts(7, 500, 3)).not.toEqual(texts(8, 500, 3))
})

test('texts are as long as asked for, no two alike, and hold nothing to compress away', () => {
  const all = texts(1, 500, 400)
  expect(all.every((text) => Buffer.byteLength(text) === 500)).toBe(true)
  expect(new Set(all).size).toBe(400)
  // 64 letters are 6 bits each, so a quarter is what any text of letters loses.
  expect(gzipSync(all.join('')).length).toBeGreaterThan(0.74 * 400 * 500)
})
