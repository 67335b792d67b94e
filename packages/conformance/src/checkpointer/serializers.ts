import assert from 'node:assert/strict'
import type { SerializerProtocol } from '@langchain/langgraph-checkpoint'
import { type CheckpointerSuite, checkpointOf, collect, idsOf, metadata, mustGet, putAll } from './scene.js'

const TASKS = '__pregel_tasks'

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

  test('nothing of the user goes past it', async ({ another, config }) => {
    const serde = markingSerializer()
    const saver = await another({ serde })
    const values = { text: 'plain', list: ['plain'], m: 'plain' }
    const c0 = await putAll(saver, config(), 'c0', values, { ...metadata, note: 'plain' } as never)
    await saver.putWrites(
      c0,
      [
        ['m', 'plain'],
        ['list', { deep: 'plain' }],
        [TASKS, 'plain'],
      ],
      'task',
    )
    const { m: _, ...kept } = values
    const old = { ...checkpointOf('c1', kept), v: 1 }
    const c1 = await saver.put(c0, old, metadata, {})
    const read = { text: 'read', list: ['read'] }
    for (const reader of [saver, await another({ serde })]) {
      for (const tuple of [await mustGet(reader, c0), (await collect(reader.list(config())))[1]]) {
        assert.deepEqual(tuple?.checkpoint.channel_values, { ...read, m: 'read' })
        assert.equal((tuple.metadata as Record<string, unknown>)['note'], 'read')
        assert.deepEqual(tuple.pendingWrites, [
          ['task', 'm', 'read'],
          ['task', 'list', { deep: 'read' }],
          ['task', TASKS, 'read'],
        ])
      }
      assert.deepEqual((await mustGet(reader, c1)).checkpoint.channel_values, { ...read, [TASKS]: ['read'] })
      assert.deepEqual(await idsOf(reader.list(config(), { filter: { note: 'read' } })), ['c0'])
      const { m } = await reader.getDeltaChannelHistory({ config: c1, channels: ['m'] })
      assert.deepEqual(m, { seed: 'read', writes: [['task', 'm', 'read']] })
    }
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

  test('one that fails to read fails every way of reading, and says why', async ({ another, config }) => {
    const saver = await another({ serde: shiftingSerializer() })
    const c0 = await putAll(saver, config(), 'c0', { m: 'value' })
    const c1 = await putAll(saver, c0, 'c1')
    const reader = await another({ serde: failingSerializer() })
    for (const read of [
      async () => await reader.getTuple(config()),
      async () => await reader.getTuple(c0),
      async () => await collect(reader.list(config())),
      async () => await collect(reader.list(config(), { filter: { step: 0 } })),
      async () => await reader.getDeltaChannelHistory({ config: c1, channels: ['m'] }),
    ])
      await assert.rejects(read, /the key is wrong/)
  })

  test('one that fails to write stores nothing', async ({ another, config }) => {
    const saver = await another({ serde: choosySerializer() })
    const c0 = await putAll(saver, config(), 'c0', { x: 'fine' })
    const put = async (): Promise<unknown> => await putAll(saver, c0, 'c1', { x: 'fine', y: 'refused' })
    await assert.rejects(put, /refused/)
    const write = async (): Promise<void> => {
      await saver.putWrites(
        c0,
        [
          ['x', 'fine'],
          ['y', 'refused'],
        ],
        'task',
      )
    }
    await assert.rejects(write, /refused/)
    const tuple = await mustGet(await another({ serde: choosySerializer() }), config())
    assert.deepEqual([tuple.checkpoint.id, tuple.pendingWrites], ['c0', []])
    await putAll(saver, c0, 'c1', { x: 'fine' })
    assert.equal((await mustGet(saver, config())).checkpoint.id, 'c1')
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

/** What it has read says so: whoever goes past it, on both ways, shows. */
function markingSerializer(): SerializerProtocol {
  return {
    dumpsTyped: async (value: unknown) => ['marked', Buffer.from(JSON.stringify(value))],
    loadsTyped: async (_type, data) =>
      JSON.parse(
        Buffer.from(data as Uint8Array)
          .toString()
          .replaceAll('plain', 'read'),
      ) as unknown,
  }
}

/** As encryption does with a key that is not the right one. */
function failingSerializer(): SerializerProtocol {
  return {
    dumpsTyped: async () => ['shifted', Buffer.from('null')],
    loadsTyped: async () => {
      throw new Error('the key is wrong')
    },
  }
}

/** There are values that it does not take. */
function choosySerializer(): SerializerProtocol {
  return {
    dumpsTyped: async (value: unknown) => {
      const text = JSON.stringify(value)
      if (text.includes('refused')) throw new Error('refused')
      return ['choosy', Buffer.from(text)]
    },
    loadsTyped: async (_type, data) => JSON.parse(Buffer.from(data as Uint8Array).toString()) as unknown,
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
