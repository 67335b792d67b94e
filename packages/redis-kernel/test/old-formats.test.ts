import { encodeKey, encodeStoredValue } from '@cairnkit/core/driver'
import { crc32 } from 'node:zlib'
import { expect, it } from 'vitest'
import { type Subject, type TestObject, bytes, noise, object, useLab } from './support/subject.js'

const subject = useLab()
const PART_BYTES = 256 * 1024

/** A large object as version 0.1.0 stored it: parts that are named by the id of the object. */
function membersOf(held: TestObject): Buffer[] {
  const id = Buffer.from(held.id, 'hex')
  const parts: Buffer[] = []
  for (let from = 0; from < held.bytes.length; from += PART_BYTES) {
    const number = Buffer.alloc(4)
    number.writeUInt32BE(parts.length)
    parts.push(Buffer.concat([Buffer.from('p'), id, number, held.bytes.subarray(from, from + PART_BYTES)]))
  }
  const marker = Buffer.alloc(12)
  marker.writeUInt32BE(parts.length, 0)
  marker.writeUInt32BE(held.bytes.length, 4)
  marker.writeUInt32BE(crc32(held.bytes), 8)
  const name = Buffer.concat([id, Buffer.from('s')])
  const head = Buffer.concat([
    Buffer.from('o'),
    name,
    encodeStoredValue(name, { bytes: marker, refs: held.refs }),
  ])
  return [head, ...parts]
}

async function withOld(held: TestObject): Promise<Subject> {
  const one = subject()
  await one.commit({ mutations: [{ type: 'put', key: ['a'], bytes: bytes(1), refs: [held.id] }] })
  for (const member of membersOf(held)) await one.node.commandBytes('ZADD', one.key, '0', member)
  return one
}

it.each([300_000, 3_000_000])('a large object of %i bytes, its parts named by its id', async (length) => {
  const leaf = object(bytes(2))
  const held = object(noise(length), [leaf.id])
  const one = await withOld(held)
  await one.commit({ mutations: [leaf] })
  const before = (await one.members()).map((member) => member.toString('latin1'))
  const [got] = await one.read({ type: 'get', key: ['a'], follow: 'all' })
  expect(Buffer.compare(got.objects.get(held.id)?.bytes ?? bytes(), held.bytes)).toBe(0)
  // It is there already, in whatever form.
  await one.commit({ mutations: [held] })
  expect((await one.members()).map((member) => member.toString('latin1'))).toEqual(before)
  await one.commit({ mutations: [{ type: 'put', key: ['a'], bytes: bytes(1) }, { type: 'sweep' }] })
  expect(await one.members()).toHaveLength(2)
})

it('a large record, whole', async () => {
  const one = subject()
  const record = { key: ['a'], bytes: noise(700_000) }
  await one.commit({ mutations: [{ type: 'put', key: ['a'], bytes: bytes(1) }] })
  await one.tamper('r', () => {
    const name = encodeKey(record.key)
    return Buffer.concat([Buffer.from('r'), name, encodeStoredValue(name, record)])
  })
  const [got, all] = await one.read({ type: 'get', key: ['a'] }, { type: 'range', prefix: [] })
  expect(Buffer.compare(got.record?.bytes ?? bytes(), record.bytes)).toBe(0)
  expect(Buffer.compare(all.records[0]?.bytes ?? bytes(), record.bytes)).toBe(0)
  expect(await one.commit({ checks: [{ type: 'equals', ...record }] })).toMatchObject({ ok: true })
  await one.commit({ mutations: [{ type: 'put', key: ['a'], bytes: bytes(2) }] })
  expect(await one.members()).toHaveLength(2)
})
