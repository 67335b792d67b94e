import assert from 'node:assert/strict'
import type { RunnableConfig } from '@langchain/core/runnables'
import { type CheckpointerSuite, checkpointOf, collect, configOf, metadata } from './scene.js'

/** A mistake in the arguments is refused with the name of the argument, and nothing is stored. */
export function mistakes({ test }: CheckpointerSuite): void {
  test('put and putWrites without a thread', async ({ saver }) => {
    for (const config of [{}, { configurable: {} }, { configurable: { checkpoint_id: 'c1' } }]) {
      await assert.rejects(async () => await saver.put(config, checkpointOf('c1'), metadata, {}), /thread_id/)
      await assert.rejects(async () => await saver.putWrites(config, [['x', 1]], 'task'), /thread_id/)
    }
  })

  test('getTuple without a thread is undefined', async ({ saver }) => {
    assert.equal(await saver.getTuple({}), undefined)
    assert.equal(await saver.getTuple({ configurable: { checkpoint_ns: '' } }), undefined)
  })

  test('putWrites without a checkpoint', async ({ saver, config }) => {
    await assert.rejects(async () => await saver.putWrites(config(), [['x', 1]], 'task'), /checkpoint_id/)
  })

  test('ids that are no strings', async ({ saver, threadId }) => {
    for (const wrong of [42, null, true, {}, ['a'], Symbol('id')]) {
      const configs: readonly RunnableConfig[] = [
        { configurable: { thread_id: wrong } },
        { configurable: { thread_id: threadId, checkpoint_id: wrong } },
      ]
      for (const config of configs) {
        const name = config.configurable?.['thread_id'] === wrong ? /thread_id/ : /checkpoint_id/
        // null is no checkpoint id, and so the same as none.
        if (wrong === null && name.source === 'checkpoint_id') continue
        await assert.rejects(async () => await saver.getTuple(config), name)
        await assert.rejects(async () => await collect(saver.list(config)), name)
        await assert.rejects(async () => await saver.put(config, checkpointOf('c1'), metadata, {}), name)
        await assert.rejects(async () => await saver.putWrites(config, [['x', 1]], 'task'), name)
      }
      await assert.rejects(async () => await saver.deleteThread(wrong as string), /thread_id/)
    }
    assert.equal(await saver.getTuple(configOf(threadId)), undefined)
  })
}
