import assert from 'node:assert/strict'
import { objectId } from '@cairnkit/core/driver'
import { hostileEntries } from '../hostile-inputs.js'
import { object, put } from './mutations.js'
import { assertBytes } from './plain.js'
import type { DriverSuite } from './suite.js'
import { same } from './same.js'

const everyByte = Uint8Array.from({ length: 256 }, (_, at) => at)

const samples: Readonly<Record<string, Uint8Array>> = Object.freeze({
  'no bytes': new Uint8Array(0),
  'one zero': Uint8Array.of(0),
  'zeros at both ends': Uint8Array.of(0, 0, 1, 0, 0),
  'every byte': everyByte,
  'every byte, backwards': everyByte.toReversed(),
  'bytes that are no UTF-8': Uint8Array.of(0xff, 0xfe, 0xc0, 0x80, 0xed, 0xa0, 0x80),
  'structure of the key encoding': Uint8Array.of(1, 0, 2, 3, 2, 4, 1, 1, 0),
  'a newline and an end of reply': Buffer.from('$5\r\n+OK\r\n'),
  'a view into a larger buffer': everyByte.subarray(100, 120),
})

/** Bytes come back exactly, and are copied at the border in both directions. */
export function exactBytes(suite: DriverSuite): void {
  suite.section('rule 5: bytes come back exactly', () => {
    for (const [name, sample] of Object.entries(samples)) {
      suite.test(`in records and objects: ${name}`, async () => {
        const subject = suite.fresh()
        const held = object(sample)
        await subject.write(put(['r'], sample, [held.id]), held)
        const [got, objects] = await subject.read(
          { type: 'get', key: ['r'], follow: 'all' },
          { type: 'objects', ids: [held.id] },
        )
        assertBytes(got.record?.bytes as Uint8Array, sample, 'the record')
        assertBytes(got.objects.get(held.id)?.bytes as Uint8Array, sample, 'the object it refers to')
        assertBytes(objects.objects.get(held.id)?.bytes as Uint8Array, sample, 'the object by its id')
        assert.ok(
          await subject.holds({ type: 'equals', key: ['r'], bytes: sample, refs: [held.id] }),
          'equals itself',
        )
      })
    }

    suite.test('keeps the text of the hostile table', async () => {
      const subject = suite.fresh()
      await subject.write(...hostileEntries.map(([name, text]) => put([name], Buffer.from(text, 'utf16le'))))
      const results = await subject.read(
        ...hostileEntries.map(([name]) => ({ type: 'get', key: [name] }) as const),
      )
      for (const [at, [name, text]] of hostileEntries.entries())
        assertBytes(results[at]?.record?.bytes as Uint8Array, Buffer.from(text, 'utf16le'), name)
    })

    suite.test('keeps references in their order, repeated ones too', async () => {
      const subject = suite.fresh()
      const [a, b] = [object('a'), object('b')]
      const refs = [b.id, a.id, b.id, b.id]
      const holder = object('holder', refs)
      await subject.write(a, b, holder, put(['r'], 'v', [holder.id, ...refs]))
      const [got] = await subject.read({ type: 'get', key: ['r'], follow: 'all' })
      same([...(got.record?.refs ?? [])], [holder.id, ...refs])
      same([...(got.objects.get(holder.id)?.refs ?? [])], refs)
      assert.equal(got.objects.size, 3)
    })

    suite.test('tells references from bytes that look like one', async () => {
      const subject = suite.fresh()
      const target = object('target')
      const raw = Buffer.from(target.id, 'hex')
      await subject.write(target, put(['asRef'], '', [target.id]), put(['asBytes'], raw))
      const [asRef, asBytes] = await subject.read(
        { type: 'get', key: ['asRef'] },
        { type: 'get', key: ['asBytes'] },
      )
      same([asRef.record?.refs.length, asRef.record?.bytes.length], [1, 0])
      same([asBytes.record?.refs.length, asBytes.record?.bytes.length], [0, raw.length])
    })

    suite.test('takes what the caller passed at the moment of the call', async () => {
      const subject = suite.fresh()
      const [record, held] = [Buffer.from('record'), Buffer.from('object')]
      const id = objectId(Buffer.from('object'))
      const [key, refs] = [['key'], [id]]
      const mutations = [put(key, record, refs), { type: 'object', id, bytes: held, refs: [] } as const]
      const written = subject.commit({ mutations })
      record.fill(0)
      held.fill(0)
      key[0] = 'changed'
      refs.length = 0
      mutations.length = 0
      await written
      const [got] = await subject.read({ type: 'get', key: ['key'], follow: 'all' })
      assertBytes(got.record?.bytes as Uint8Array, Buffer.from('record'), 'the record')
      assertBytes(got.objects.get(id)?.bytes as Uint8Array, Buffer.from('object'), 'the object')
    })

    suite.test('gives copies: what a reader does to them reaches nobody', async () => {
      const subject = suite.fresh()
      const held = object('object')
      await subject.write(put(['r'], 'record', [held.id]), held)
      const reads = [
        { type: 'get', key: ['r'], follow: 'all' },
        { type: 'range', prefix: [], follow: 'all' },
        { type: 'groups', prefix: [], follow: 'all' },
        { type: 'objects', ids: [held.id] },
      ] as const
      const spoiled = await subject.read(...reads)
      for (const result of spoiled) {
        for (const { bytes } of result.objects.values()) bytes.fill(0)
        ;(result.objects as Map<string, unknown>).delete?.(held.id)
      }
      spoiled[0].record?.bytes.fill(0)
      spoiled[1].records[0]?.bytes.fill(0)
      spoiled[2].groups[0]?.record?.bytes.fill(0)
      ;(spoiled[0].record?.refs as string[] | undefined)?.splice(0)
      const [get, range, groups, objects] = await subject.read(...reads)
      for (const record of [get.record, range.records[0], groups.groups[0]?.record]) {
        assertBytes(record?.bytes as Uint8Array, Buffer.from('record'), 'the record')
        same([...(record?.refs ?? [])], [held.id])
      }
      for (const result of [get, range, groups, objects])
        assertBytes(result.objects.get(held.id)?.bytes as Uint8Array, Buffer.from('object'), 'the object')
    })

    suite.test('gives each result of one call bytes of its own', async () => {
      const subject = suite.fresh()
      const held = object('object')
      await subject.write(put(['r'], 'record', [held.id]), held)
      const [first, second] = await subject.read(
        { type: 'get', key: ['r'], follow: 'all' },
        { type: 'get', key: ['r'], follow: 'all' },
      )
      first.record?.bytes.fill(0)
      first.objects.get(held.id)?.bytes.fill(0)
      assertBytes(second.record?.bytes as Uint8Array, Buffer.from('record'), 'the record')
      assertBytes(second.objects.get(held.id)?.bytes as Uint8Array, Buffer.from('object'), 'the object')
    })
  })
}
