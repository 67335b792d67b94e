import assert from 'node:assert/strict'
import {
  type CheckpointerSuite,
  checkpointOf,
  collect,
  metadata,
  mustGet,
  putAll,
  versionsOf,
} from './scene.js'

/** FIELD rules 6 to 9: which checkpoint is the latest, whose objects a tuple holds, when values are read. */
export function freshness({ test }: CheckpointerSuite): void {
  test('of checkpoints that are put on none the latest is the greatest id, not the last one stored', async ({
    saver,
    config,
  }) => {
    for (const id of ['c2', 'c3', 'c1']) await putAll(saver, config(), id)
    assert.equal((await mustGet(saver, config())).checkpoint.id, 'c3')
  })

  test('each namespace has a latest of its own', async ({ saver, config }) => {
    await putAll(saver, config(undefined, ''), 'c1')
    await putAll(saver, config(undefined, 'child'), 'c2')
    await putAll(saver, config(undefined, 'child:1|grand:2'), 'c3')
    for (const [namespace, id] of [
      ['', 'c1'],
      ['child', 'c2'],
      ['child:1|grand:2', 'c3'],
    ] as const) {
      const tuple = await mustGet(saver, config(undefined, namespace))
      assert.equal(tuple.checkpoint.id, id)
      assert.equal(tuple.config.configurable?.['checkpoint_ns'], namespace)
    }
  })

  test('an own id of undefined or "" means the latest', async ({ saver, config, threadId }) => {
    await putAll(saver, config(), 'c1')
    await putAll(saver, config(), 'c2')
    for (const checkpoint_id of [undefined, '']) {
      const tuple = await mustGet(saver, { configurable: { thread_id: threadId, checkpoint_id } })
      assert.equal(tuple.checkpoint.id, 'c2')
    }
  })

  test('the legacy field thread_ts names a checkpoint', async ({ saver, config, threadId }) => {
    await putAll(saver, config(), 'c1')
    await putAll(saver, config(), 'c2')
    const tuple = await mustGet(saver, { configurable: { thread_id: threadId, thread_ts: 'c1' } })
    assert.equal(tuple.checkpoint.id, 'c1')
  })

  test('every tuple is made of fresh objects', async ({ saver, config }) => {
    const values = { list: [{ deep: 1 }], bytes: Uint8Array.of(1, 2) }
    const checkpoint = { ...checkpointOf('c1', values), versions_seen: { node: { list: 1 } } }
    const meta = { ...metadata, parents: { child: 'c0' } }
    const stored = await saver.put(config(), checkpoint, meta, versionsOf(values))
    await saver.putWrites(stored, [['x', { deep: 1 }]], 'task')
    const pristine = structuredClone(await mustGet(saver, stored))
    for (const read of [
      async () => await mustGet(saver, stored),
      async () => (await collect(saver.list(config())))[0],
    ]) {
      const tuple = await read()
      assert.ok(tuple)
      ;(tuple.checkpoint.channel_values['list'] as { deep: number }[])[0]!.deep = 2
      ;(tuple.checkpoint.channel_values['bytes'] as Uint8Array)[0] = 9
      Object.assign(tuple.pendingWrites?.[0]?.[2] as object, { deep: 2 })
      tuple.pendingWrites?.splice(0)
      Object.assign(tuple.metadata?.parents ?? {}, { child: 'spoilt' })
      Object.assign(tuple.metadata ?? {}, { step: 99 })
      tuple.checkpoint.channel_versions['list'] = 99
      Object.assign(tuple.checkpoint.versions_seen['node'] ?? {}, { list: 99 })
      Object.assign(tuple.config.configurable ?? {}, { thread_id: 'spoilt' })
      assert.deepEqual(await mustGet(saver, stored), pristine)
    }
  })

  test('values are read before the call returns', async ({ saver, config }) => {
    const list = [1]
    const bytes = Uint8Array.of(1)
    const meta = { ...metadata, step: 1 }
    const checkpoint = checkpointOf('c1', { list, bytes })
    const versions = { list: 1, bytes: 1 }
    const putting = saver.put(config(), checkpoint, meta, versions)
    const written = { n: 1 }
    const writtenBytes = Buffer.from([1])
    const writing = saver.putWrites(
      config('c1'),
      [
        ['x', written],
        ['y', writtenBytes],
      ],
      'task',
    )
    list.push(2)
    bytes[0] = 2
    meta.step = 2
    Object.assign(versions, { other: 1 })
    checkpoint.channel_versions['list'] = 2
    checkpoint.channel_values = {}
    written.n = 2
    writtenBytes[0] = 2
    await Promise.all([putting, writing])
    const tuple = await mustGet(saver, config())
    assert.deepEqual(tuple.checkpoint.channel_values['list'], [1])
    assert.deepEqual([...(tuple.checkpoint.channel_values['bytes'] as Uint8Array)], [1])
    assert.deepEqual(tuple.checkpoint.channel_versions, { list: 1, bytes: 1 })
    assert.equal(tuple.metadata?.step, 1)
    const [[, , first] = [], [, , second] = []] = tuple.pendingWrites ?? []
    assert.deepEqual(first, { n: 1 })
    assert.deepEqual([...(second as Uint8Array)], [1])
  })

  test('everything of a checkpoint comes back', async ({ saver, another, config }) => {
    const checkpoint = {
      ...checkpointOf('c1', { x: 1 }),
      ts: '2026-02-03T04:05:06.789Z',
      versions_seen: { __input__: {}, node: { x: 1, 'branch:to:node': '2' } },
    }
    const meta = { source: 'update' as const, step: 7, parents: { '': 'c0' }, note: { deep: [1, null] } }
    await saver.put(config(), checkpoint, meta, { x: 1 })
    for (const reader of [saver, await another()]) {
      const tuple = await mustGet(reader, config())
      assert.deepEqual(tuple.checkpoint, checkpoint)
      assert.deepEqual(tuple.metadata, meta)
    }
  })

  test('the parent config leads to the parent, in its namespace', async ({ saver, another, config }) => {
    for (const namespace of ['', 'child']) {
      const parent = await putAll(saver, config(undefined, namespace), 'c1', { of: namespace })
      await putAll(saver, parent, 'c3')
      await putAll(saver, config(undefined, namespace), 'c2')
    }
    for (const namespace of ['', 'child']) {
      const reader = await another()
      const { parentConfig } = await mustGet(reader, config('c3', namespace))
      assert.deepEqual(parentConfig, config('c1', namespace))
      assert.deepEqual((await mustGet(reader, parentConfig)).checkpoint.channel_values, { of: namespace })
    }
  })

  test('nothing of the config is stored but the ids', async ({ saver, threadId }) => {
    const circular: Record<string, unknown> = {}
    circular['self'] = circular
    const config = {
      configurable: { thread_id: threadId, secret: 'sk-123', circular, saver },
      callbacks: [],
      signal: new AbortController().signal,
    }
    const stored = await putAll(saver, config, 'c1')
    assert.deepEqual(stored, {
      configurable: { thread_id: threadId, checkpoint_ns: '', checkpoint_id: 'c1' },
    })
    const tuple = await mustGet(saver, config)
    assert.deepEqual(tuple.config, stored)
    assert.equal(tuple.parentConfig, undefined)
  })

  test('an unknown checkpoint, namespace or thread is undefined', async ({ saver, config, threadId }) => {
    await putAll(saver, config(), 'c1')
    assert.equal(await saver.getTuple(config('c')), undefined)
    assert.equal(await saver.getTuple(config('c1', 'child')), undefined)
    assert.equal(await saver.getTuple({ configurable: { thread_id: `${threadId}x` } }), undefined)
  })
}
