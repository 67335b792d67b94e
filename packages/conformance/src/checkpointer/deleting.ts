import assert from 'node:assert/strict'
import { type CheckpointerSuite, configOf, idsOf, mustGet, putAll } from './scene.js'

/** FIELD rule 13: what deleteThread removes. */
export function deleting({ test }: CheckpointerSuite): void {
  test('it removes the thread with all namespaces, and no other', async ({ saver, threadId }) => {
    const neighbours = [`${threadId}x`, `${threadId}:x`, `${threadId}*`, threadId.slice(0, -1), `*`, '']
    for (const id of [threadId, ...neighbours]) {
      for (const namespace of ['', 'child']) {
        const stored = await putAll(saver, configOf(id, undefined, namespace), 'c1', { id })
        await saver.putWrites(stored, [['x', id]], 'task')
      }
    }
    await saver.deleteThread('*')
    await saver.deleteThread(threadId)
    for (const id of [threadId, '*']) {
      assert.equal(await saver.getTuple(configOf(id)), undefined)
      assert.equal(await saver.getTuple(configOf(id, undefined, 'child')), undefined)
      assert.deepEqual(await idsOf(saver.list({ configurable: { thread_id: id } })), [])
    }
    for (const id of neighbours.filter((neighbour) => neighbour !== '*')) {
      const tuple = await mustGet(saver, configOf(id, undefined, 'child'))
      assert.deepEqual(tuple.checkpoint.channel_values, { id })
      assert.deepEqual(tuple.pendingWrites, [['task', 'x', id]])
      await saver.deleteThread(id)
    }
  })

  test('a thread born anew sees nothing old', async ({ saver, another, config, threadId }) => {
    const stored = await putAll(saver, config(), 'c1', { x: 'old' })
    await saver.putWrites(stored, [['x', 'old']], 'task')
    await saver.putWrites(config('c2'), [['x', 'early']], 'task')
    await (await another()).deleteThread(threadId)
    await putAll(saver, config(), 'c2', { x: 'new' })
    const tuple = await mustGet(saver, config())
    assert.deepEqual(tuple.checkpoint.channel_values, { x: 'new' })
    assert.deepEqual(tuple.pendingWrites, [])
    assert.deepEqual(await idsOf(saver.list(config())), ['c2'])
  })

  test('deleting what is not there is no error', async ({ saver, threadId }) => {
    await saver.deleteThread(threadId)
    await saver.deleteThread(threadId)
  })
}
