import assert from 'node:assert/strict'
import { type CheckpointerSuite, checkpointOf, collect, metadata, mustGet, putAll } from './scene.js'

/** FIELD rules 6 to 9: which checkpoint is the latest, whose objects a tuple holds, when values are read. */
export function freshness({ test }: CheckpointerSuite): void {
  test('the latest is the greatest id, not the last one stored', async ({ saver, config }) => {
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
    const stored = await putAll(saver, config(), 'c1', { list: [{ deep: 1 }], bytes: Uint8Array.of(1, 2) })
    await saver.putWrites(stored, [['x', { deep: 1 }]], 'task')
    const pristine = await mustGet(saver, stored)
    for (const read of [
      async () => await mustGet(saver, stored),
      async () => (await collect(saver.list(config())))[0],
    ]) {
      const tuple = await read()
      assert.ok(tuple)
      ;(tuple.checkpoint.channel_values['list'] as { deep: number }[])[0]!.deep = 2
      ;(tuple.checkpoint.channel_values['bytes'] as Uint8Array)[0] = 9
      tuple.pendingWrites?.splice(0)
      Object.assign(tuple.metadata ?? {}, { step: 99 })
      tuple.checkpoint.channel_versions['list'] = 99
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
