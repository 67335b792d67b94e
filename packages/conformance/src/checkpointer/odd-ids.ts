import assert from 'node:assert/strict'
import { hostileInputs } from '../hostile-inputs.js'
import { type CheckpointerSuite, configOf, idsOf, mustGet, putAll } from './scene.js'

/** Ids of any characters at all work, and no two of them meet. */
export function oddIds({ test }: CheckpointerSuite): void {
  const inputs = Object.entries(hostileInputs)
  const texts = inputs.filter(([, text]) => text !== '')

  test('thread ids', async ({ saver, threadId }) => {
    for (const [name, text] of texts) {
      for (const id of [`${threadId}${text}`, `${text}${threadId}`]) {
        await putAll(saver, configOf(id), 'c1', { name })
      }
    }
    for (const [name, text] of texts) {
      for (const id of [`${threadId}${text}`, `${text}${threadId}`]) {
        const tuple = await mustGet(saver, configOf(id))
        assert.equal(tuple.config.configurable?.['thread_id'], id)
        assert.deepEqual(tuple.checkpoint.channel_values, { name })
        await saver.deleteThread(id)
        assert.equal(await saver.getTuple(configOf(id)), undefined, name)
      }
    }
  })

  test('a thread id that is nothing but odd', async ({ saver }) => {
    for (const [name, text] of inputs) {
      await saver.deleteThread(text)
      await putAll(saver, configOf(text), 'c1', { name })
    }
    for (const [name, text] of inputs) {
      assert.deepEqual((await mustGet(saver, configOf(text))).checkpoint.channel_values, { name })
    }
    for (const [, text] of inputs) await saver.deleteThread(text)
  })

  test('namespaces, checkpoint ids and task ids', async ({ saver, config, threadId }) => {
    for (const [name, text] of inputs) {
      const stored = await putAll(saver, config(undefined, text), `c${text}`, { name })
      await saver.putWrites(stored, [['x', name]], text, text)
    }
    for (const [name, text] of inputs) {
      const tuple = await mustGet(saver, config(`c${text}`, text))
      assert.deepEqual(tuple.checkpoint.channel_values, { name })
      assert.equal(tuple.checkpoint.id, `c${text}`)
      assert.deepEqual(tuple.pendingWrites, [[text, 'x', name]])
    }
    const listed = await idsOf(saver.list({ configurable: { thread_id: threadId } }))
    assert.deepEqual(new Set(listed), new Set(inputs.map(([, text]) => `c${text}`)))
  })
}
