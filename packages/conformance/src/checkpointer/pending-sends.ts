import assert from 'node:assert/strict'
import { type CheckpointerSuite, checkpointOf, collect, metadata, mustGet } from './scene.js'

const TASKS = '__pregel_tasks'

/** FIELD rule 11: checkpoints written before format 4 keep their sends in the parent's pending writes. */
export function pendingSends({ test }: CheckpointerSuite): void {
  test('an old checkpoint gets the sends of its parent, in the order of the superstep', async ({
    saver,
    config,
  }) => {
    const parent = await saver.put(config(), { ...checkpointOf('c0'), v: 1 }, metadata, {})
    await saver.putWrites(
      parent,
      [
        [TASKS, 'b-0'],
        ['x', 1],
        [TASKS, 'b-2'],
      ],
      'task-b',
      '~2',
    )
    await saver.putWrites(parent, [[TASKS, 'a-0']], 'task-a', '~1')
    const old = { ...checkpointOf('c1', {}, { x: 3, y: 7 }), v: 1 }
    await saver.put(parent, old, metadata, {})
    for (const tuple of [await mustGet(saver, config()), (await collect(saver.list(config())))[0]]) {
      assert.deepEqual(tuple?.checkpoint.channel_values, { [TASKS]: ['a-0', 'b-0', 'b-2'] })
      assert.deepEqual(tuple?.checkpoint.channel_versions, { x: 3, y: 7, [TASKS]: 7 })
    }
  })

  test('without versions it gets the first one', async ({ saver, config }) => {
    const parent = await saver.put(config(), { ...checkpointOf('c0'), v: 2 }, metadata, {})
    await saver.put(parent, { ...checkpointOf('c1'), v: 2 }, metadata, {})
    const { checkpoint } = await mustGet(saver, config())
    assert.deepEqual(checkpoint.channel_values, { [TASKS]: [] })
    assert.deepEqual(checkpoint.channel_versions, { [TASKS]: 1 })
  })

  test('a checkpoint of format 4, or without a parent, is left alone', async ({ saver, config }) => {
    const parent = await saver.put(config(), { ...checkpointOf('c0'), v: 1 }, metadata, {})
    await saver.putWrites(parent, [[TASKS, 'send']], 'task')
    await saver.put(parent, checkpointOf('c1'), metadata, {})
    for (const id of ['c0', 'c1']) {
      assert.deepEqual((await mustGet(saver, config(id))).checkpoint.channel_values, {})
    }
  })
}
