import { expect, test } from 'vitest'
import { lifetimeIn } from '../src/driver/index.js'

const said = (text: string): ReturnType<typeof lifetimeIn> => lifetimeIn(Buffer.from(text, 'latin1'))

test.each([
  ['', 'for ever'],
  ['1', 1],
  ['60000', 60_000],
  ['9'.repeat(15), 999_999_999_999_999],
] as const)('a record with %j says how long', (text, lifetime) => {
  expect(said(text)).toBe(lifetime)
})

test.each(['0', '00', '01', '-1', '+1', '1.5', '1e3', ' 1', '1 ', '1\n', '1\0', 'no', '٣', '1'.repeat(16)])(
  'a record with %j says nothing',
  (text) => {
    expect(said(text)).toBeUndefined()
  },
)

test('a view of larger bytes is read alone', () => {
  expect(lifetimeIn(Buffer.from('12345').subarray(1, 3))).toBe(23)
})
