import assert from 'node:assert/strict'
import type { SerializerProtocol } from '@langchain/langgraph-checkpoint'
import { type CheckpointerSuite, checkpointOf, collect, metadata, mustGet, putAll } from './scene.js'

/** A serializer of the user's is used exactly as given, for everything that is the user's. */
export function serializers({ test }: CheckpointerSuite): void {
  test('values, writes, checkpoints and metadata go through it and come back', async ({
    another,
    config,
  }) => {
    const serde = shiftingSerializer()
    const saver = await another({ serde })
    const c0 = await putAll(saver, config(), 'c0', { x: 'secret', kept: ['y'] }, {
      ...metadata,
      note: 'secret',
    } as never)
    await saver.putWrites(c0, [['x', 'secret write']], 'task')
    await saver.put(c0, checkpointOf('c1', { x: 'new', kept: ['y'] }, { x: 2, kept: 1 }), metadata, { x: 2 })
    const reader = await another({ serde })
    const first = await mustGet(reader, c0)
    assert.deepEqual(first.checkpoint.channel_values, { x: 'secret', kept: ['y'] })
    assert.deepEqual(first.pendingWrites, [['task', 'x', 'secret write']])
    assert.equal((first.metadata as Record<string, unknown>)['note'], 'secret')
    assert.deepEqual((await mustGet(reader, config())).checkpoint.channel_values, { x: 'new', kept: ['y'] })
    assert.equal((await collect(reader.list(config(), { filter: { note: 'secret' } }))).length, 1)
  })

  test('one that never gives the same bytes twice', async ({ another, config }) => {
    const serde = saltingSerializer()
    const saver = await another({ serde })
    const c0 = await putAll(saver, config(), 'c0', { x: 1, kept: ['y'] })
    const c1 = await saver.put(c0, checkpointOf('c1', { x: 2, kept: ['y'] }, { x: 2, kept: 1 }), metadata, {
      x: 2,
    })
    const loaded = await mustGet(saver, c1)
    await saver.put(c0, { ...loaded.checkpoint, id: 'c2' }, { ...metadata, source: 'fork' }, {})
    for (const id of ['c1', 'c2']) {
      assert.deepEqual((await mustGet(await another({ serde }), config(id))).checkpoint.channel_values, {
        x: 2,
        kept: ['y'],
      })
    }
  })

  test('one that fails is an error that says where', async ({ another, config }) => {
    await putAll(await another({ serde: shiftingSerializer() }), config(), 'c0', { x: 'value' })
    const serde: SerializerProtocol = {
      dumpsTyped: async () => ['shifted', Buffer.from('null')],
      loadsTyped: async () => {
        throw new Error('the key is wrong')
      },
    }
    await assert.rejects(async () => await mustGet(await another({ serde }), config()), /the key is wrong/)
  })

  test('plain bytes stay bytes', async ({ saver, config }) => {
    const all = Uint8Array.from({ length: 256 }, (_, at) => at)
    await putAll(saver, config(), 'c0', { all, none: new Uint8Array(0) })
    const { checkpoint } = await mustGet(saver, config())
    assert.deepEqual([...(checkpoint.channel_values['all'] as Uint8Array)], [...all])
    assert.equal((checkpoint.channel_values['none'] as Uint8Array).length, 0)
  })

  test('large values', async ({ saver, config }) => {
    const text = 'é😀\0'.repeat(300_000)
    const bytes = new Uint8Array(3_000_000).fill(7)
    const stored = await putAll(saver, config(), 'c0', { text, bytes })
    await saver.putWrites(stored, [['text', text]], 'task')
    const tuple = await mustGet(saver, config())
    assert.equal(tuple.checkpoint.channel_values['text'], text)
    assert.ok(Buffer.from(bytes).equals(Buffer.from(tuple.checkpoint.channel_values['bytes'] as Uint8Array)))
    assert.equal(tuple.pendingWrites?.[0]?.[2], text)
  })
}

/** Its bytes are not JSON: whoever bypasses it shows. */
function shiftingSerializer(): SerializerProtocol {
  const shift = (bytes: Uint8Array, by: number): Uint8Array => bytes.map((byte) => (byte + by) & 0xff)
  return {
    dumpsTyped: async (value: unknown) => ['shifted', shift(Buffer.from(JSON.stringify(value)), 1)],
    loadsTyped: async (type, data) => {
      assert.equal(type, 'shifted')
      return JSON.parse(Buffer.from(shift(data as Uint8Array, -1)).toString('utf8')) as unknown
    },
  }
}

/** As encryption does: the same value, other bytes each time. */
function saltingSerializer(): SerializerProtocol {
  return {
    dumpsTyped: async (value: unknown) => [
      'salted',
      Buffer.from(JSON.stringify([crypto.randomUUID(), value])),
    ],
    loadsTyped: async (_type, data) =>
      (JSON.parse(Buffer.from(data as Uint8Array).toString('utf8')) as unknown[])[1],
  }
}
