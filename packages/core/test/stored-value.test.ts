import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  DriverFault,
  decodeStoredValue,
  encodeStoredValue,
  objectId,
  sizeOfStoredValue,
} from '../src/driver/index.js'

const bytes = fc.uint8Array({ maxLength: 64 })
const ref = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((raw) => Buffer.from(raw).toString('hex'))
const refs = fc.array(ref, { maxLength: 4 })
const what = (): string => 'the value'

function faultOf(work: () => unknown): string {
  try {
    work()
  } catch (cause) {
    if (DriverFault.isInstance(cause)) return cause.code
    throw cause
  }
  return 'none'
}

test('a value comes back as it was, behind any head', () => {
  fc.assert(
    fc.property(bytes, bytes, refs, fc.nat(20), (name, value, ids, head) => {
      const stored = encodeStoredValue(name, { bytes: value, refs: ids }, head).subarray(head)
      const read = decodeStoredValue(name, stored, what)
      expect(Buffer.from(read.bytes).equals(Buffer.from(value))).toBe(true)
      expect(read.refs).toEqual(ids)
      expect(sizeOfStoredValue(stored)).toBe(value.length)
    }),
  )
})

test('any changed, missing or added byte is noticed', () => {
  fc.assert(
    fc.property(
      bytes,
      bytes,
      refs,
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (name, value, ids, position, change) => {
        const stored = encodeStoredValue(name, { bytes: value, refs: ids })
        const changed = Uint8Array.from(stored)
        const at = position % stored.length
        changed[at] = (changed[at] as number) ^ change
        const spoilt = [changed, stored.subarray(0, at), Buffer.concat([stored, Uint8Array.of(change)])]
        for (const candidate of spoilt)
          expect(faultOf(() => decodeStoredValue(name, candidate, what))).not.toBe('none')
      },
    ),
  )
})

test('a value under another name is noticed', () => {
  const stored = encodeStoredValue(Buffer.from('a'), { bytes: Buffer.from('x') })
  expect(faultOf(() => decodeStoredValue(Buffer.from('b'), stored, what))).toBe('corrupt')
})

test('a newer format says so', () => {
  const stored = encodeStoredValue(Buffer.from('a'), { bytes: Buffer.from('x') })
  stored[0] = 2
  expect(faultOf(() => decodeStoredValue(Buffer.from('a'), stored, what))).toBe('format')
})

test('an id names bytes and references, and keeps them apart', () => {
  const id = objectId(Buffer.from('x'))
  expect(id).toMatch(/^[0-9a-f]{32}$/)
  expect(objectId(Buffer.from('x'))).toBe(id)
  expect(objectId(Buffer.from('x'), [id])).not.toBe(id)
  expect(objectId(Buffer.from(id, 'hex'))).not.toBe(objectId(new Uint8Array(0), [id]))
})
