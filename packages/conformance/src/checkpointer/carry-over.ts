import assert from 'node:assert/strict'
import type { RunnableConfig } from '@langchain/core/runnables'
import { type CheckpointerSuite, checkpointOf, metadata, mustGet, putAll } from './scene.js'

/** FIELD rules 4, 5 and 10: which value a channel has in a checkpoint, on every branch. */
export function carryOver({ test }: CheckpointerSuite): void {
  test('an unchanged channel carries over along a chain', async ({ saver, config }) => {
    let parent = await putAll(saver, config(), 'c0', { kept: 'old', step: 0 })
    for (let step = 1; step <= 20; step++) {
      const checkpoint = checkpointOf(
        `c${String(step).padStart(2, '0')}`,
        { kept: 'old', step },
        { kept: 1, step: step + 1 },
      )
      parent = await saver.put(parent, checkpoint, metadata, { step: step + 1 })
    }
    assert.deepEqual((await mustGet(saver, config())).checkpoint.channel_values, { kept: 'old', step: 20 })
  })

  test('it carries over through a checkpointer that remembers nothing', async ({
    saver,
    another,
    config,
  }) => {
    const parent = await putAll(saver, config(), 'c0', { kept: ['old'], step: 0 })
    const fresh = await another()
    await fresh.put(parent, checkpointOf('c1', { kept: ['old'], step: 1 }, { kept: 1, step: 2 }), metadata, {
      step: 2,
    })
    assert.deepEqual((await mustGet(await another(), config())).checkpoint.channel_values, {
      kept: ['old'],
      step: 1,
    })
  })

  test('a changed channel without a value is empty, and stays empty', async ({ saver, config }) => {
    const c0 = await putAll(saver, config(), 'c0', { gone: 'x', kept: 'y' })
    const c1 = await saver.put(c0, checkpointOf('c1', { kept: 'y' }, { gone: 2, kept: 1 }), metadata, {
      gone: 2,
    })
    await saver.put(c1, checkpointOf('c2', { kept: 'y' }, { gone: 2, kept: 1 }), metadata, {})
    for (const id of ['c1', 'c2']) {
      assert.deepEqual((await mustGet(saver, config(id))).checkpoint.channel_values, { kept: 'y' })
    }
  })

  test('a channel that was never stored is not invented', async ({ saver, another, config }) => {
    for (const [id, put] of [
      ['c0', saver],
      ['c1', await another()],
    ] as const) {
      await put.put(config(), checkpointOf(id, { ghost: 1 }), metadata, {})
      assert.deepEqual((await mustGet(saver, config(id))).checkpoint.channel_values, {})
    }
  })

  test('a channel without a version is stored with its checkpoint, as it is brought', async ({
    saver,
    another,
    config,
  }) => {
    // LangGraph shows the default of a channel that was never written in this way.
    const c0 = await saver.put(config(), checkpointOf('c0', { x: 1, unwritten: [] }, { x: 1 }), metadata, {
      x: 1,
    })
    const c1 = await saver.put(c0, checkpointOf('c1', { x: 1, unwritten: ['y'] }, { x: 1 }), metadata, {})
    await saver.put(c1, checkpointOf('c2', { x: 1 }, { x: 1 }), metadata, {})
    for (const [id, values] of [
      ['c0', { x: 1, unwritten: [] }],
      ['c1', { x: 1, unwritten: ['y'] }],
      ['c2', { x: 1 }],
    ] as const) {
      assert.deepEqual((await mustGet(await another(), config(id))).checkpoint.channel_values, values)
    }
  })

  test('a put that does not say which versions are new stores all values', async ({
    saver,
    another,
    config,
  }) => {
    // As wrappers do that pass three arguments on: LangGraph's own test helpers, its API server.
    const put = saver.put.bind(saver) as (...args: unknown[]) => Promise<RunnableConfig>
    const c0 = await put(config(), checkpointOf('c0', { x: ['first'], y: 1 }), metadata)
    const c1 = await put(c0, checkpointOf('c1', { x: ['second'], y: 1 }), metadata, undefined)
    for (const [at, values] of [
      [c0, { x: ['first'], y: 1 }],
      [c1, { x: ['second'], y: 1 }],
    ] as const) {
      assert.deepEqual((await mustGet(await another(), at)).checkpoint.channel_values, values)
    }
  })

  test('an unchanged channel keeps the value that came with its version, whatever was done to it', async ({
    saver,
    another,
    config,
  }) => {
    const list = ['came with the version']
    const text = { long: 'x'.repeat(400), times: 0 }
    let parent = await putAll(saver, config(), 'c0', { list, text, step: 0 })
    for (const [at, put] of [saver, await another(), saver, saver].entries()) {
      list.push('was added in place')
      text.times++
      const versions = { list: 1, text: 1, step: at + 2 }
      const checkpoint = checkpointOf(`c${at + 1}`, { list, text, step: at }, versions)
      parent = await put.put(parent, checkpoint, metadata, { step: at + 2 })
      const { checkpoint: loaded } = await mustGet(await another(), parent)
      assert.deepEqual(loaded.channel_values, {
        list: ['came with the version'],
        text: { long: 'x'.repeat(400), times: 0 },
        step: at,
      })
    }
  })

  test('branches that repeat a version keep their own values', async ({ saver, another, config }) => {
    const root = await putAll(saver, config(), 'c0', { x: 'root', same: 1 })
    const values = { a: 'left', b: 'right' }
    const savers = { a: saver, b: await another() }
    for (const branch of ['a', 'b'] as const) {
      const checkpoint = checkpointOf(`c1-${branch}`, { x: values[branch], same: 1 }, { x: 2, same: 1 })
      const next = await savers[branch].put(root, checkpoint, metadata, { x: 2 })
      const after = checkpointOf(
        `c2-${branch}`,
        { x: values[branch], same: 1, y: 1 },
        { x: 2, same: 1, y: 1 },
      )
      await savers[branch].put(next, after, metadata, { y: 1 })
    }
    for (const reader of [saver, await another()]) {
      for (const branch of ['a', 'b'] as const) {
        const tuple = await mustGet(reader, config(`c2-${branch}`))
        assert.deepEqual(tuple.checkpoint.channel_values, { x: values[branch], same: 1, y: 1 })
        assert.equal(tuple.parentConfig?.configurable?.['checkpoint_id'], `c1-${branch}`)
      }
    }
  })

  test('a copied checkpoint has the values of its source, put under the grandparent', async ({
    saver,
    another,
    config,
  }) => {
    const grandparent = await putAll(saver, config(), 'c0', { x: 'old', map: new Map([['k', 0]]) })
    const source = checkpointOf(
      'c1',
      { x: 'new', map: new Map([['k', 1]]), same: 'z' },
      { x: 2, map: 2, same: 1 },
    )
    await saver.put(grandparent, source, metadata, { x: 2, map: 2, same: 1 })
    const sibling = checkpointOf('c1-sibling', { x: 'other' }, { x: 2 })
    await saver.put(grandparent, sibling, metadata, { x: 2 })
    for (const [id, copier] of [
      ['c2', saver],
      ['c3', await another()],
    ] as const) {
      const loaded = await mustGet(copier, config('c1'))
      const fork = { ...loaded.checkpoint, id }
      await copier.put(grandparent, fork, { ...metadata, source: 'fork' }, {})
      assert.deepEqual(
        (await mustGet(await another(), config(id))).checkpoint.channel_values,
        source.channel_values,
      )
    }
  })

  test('a copy of the first checkpoint has its values', async ({ saver, another, config }) => {
    await putAll(saver, config(), 'c0', { x: ['first'] })
    for (const [id, copier] of [
      ['c1', saver],
      ['c2', await another()],
    ] as const) {
      const loaded = await mustGet(copier, config('c0'))
      await copier.put(config(), { ...loaded.checkpoint, id }, { ...metadata, source: 'fork' }, {})
      assert.deepEqual((await mustGet(saver, config(id))).checkpoint.channel_values, { x: ['first'] })
    }
  })

  test('an unchanged value survives the loss of the thread', async ({ saver, another, config, threadId }) => {
    const c0 = await putAll(saver, config(), 'c0', { kept: { deep: [1, 2] }, step: 0 })
    await mustGet(saver, config())
    await (await another()).deleteThread(threadId)
    const next = checkpointOf('c1', { kept: { deep: [1, 2] }, step: 1 }, { kept: 1, step: 2 })
    await saver.put(c0, next, metadata, { step: 2 })
    assert.deepEqual(
      (await mustGet(await another(), config())).checkpoint.channel_values,
      next.channel_values,
    )
    assert.equal(await saver.getTuple(config('c0')), undefined)
  })

  test('a write survives the loss of the thread', async ({ saver, another, config, threadId }) => {
    const c0 = await putAll(saver, config(), 'c0', { x: 'shared' })
    await (await another()).deleteThread(threadId)
    await saver.putWrites(
      c0,
      [
        ['x', 'shared'],
        ['y', 'own'],
      ],
      'task',
    )
    await putAll(saver, config(), 'c0', { x: 'shared' })
    assert.deepEqual((await mustGet(await another(), c0)).pendingWrites, [
      ['task', 'x', 'shared'],
      ['task', 'y', 'own'],
    ])
  })

  test('string versions come back as they were', async ({ saver, config }) => {
    const versions = { x: '00000000000000000000000000000001.0123', y: '2' }
    await saver.put(config(), checkpointOf('c0', { x: 1, y: 2 }, versions), metadata, versions)
    assert.deepEqual((await mustGet(saver, config())).checkpoint.channel_versions, versions)
  })

  test('values that are falsy are values', async ({ saver, another, config }) => {
    const values = { nothing: null, no: false, zero: 0, empty: '' }
    const c0 = await putAll(saver, config(), 'c0', values)
    await (await another()).put(c0, checkpointOf('c1', values), metadata, {})
    for (const id of ['c0', 'c1'])
      assert.deepEqual((await mustGet(saver, config(id))).checkpoint.channel_values, values)
  })

  test('channels may have any name', async ({ saver, config }) => {
    const names = ['__proto__', 'constructor', '', 'a\0b', '{x}', '\ud800', '\udfff', '1', '0', 'é😀']
    const values = Object.fromEntries(names.map((name, at) => [name, at]))
    await putAll(saver, config(), 'c0', values)
    const loaded = (await mustGet(saver, config())).checkpoint.channel_values
    assert.deepEqual(new Map(Object.entries(loaded)), new Map(Object.entries(values)))
  })
}
