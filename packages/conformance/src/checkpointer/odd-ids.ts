import assert from 'node:assert/strict'
import { hostileInputs } from '../hostile-inputs.js'
import { type CheckpointerSuite, collect, configOf, idsOf, mustGet, putAll } from './scene.js'

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

  test('namespaces', async ({ saver, config, threadId }) => {
    const names = [...inputs.map(([, text]) => text), '__empty__', '__default__', 'root']
    await Promise.all(names.map((name) => putAll(saver, config(undefined, name), 'c1', { name })))
    for (const name of names) {
      const tuple = await mustGet(saver, config(undefined, name))
      assert.deepEqual(tuple.checkpoint.channel_values, { name })
      assert.deepEqual(tuple.config, config('c1', name))
    }
    const listed = await collect(saver.list({ configurable: { thread_id: threadId } }))
    assert.deepEqual(
      new Set(listed.map((tuple) => tuple.config.configurable?.['checkpoint_ns'])),
      new Set(names),
    )
  })

  test('checkpoint ids', async ({ saver, config }) => {
    await Promise.all(inputs.map(([name, text]) => putAll(saver, config(), `c${text}`, { name })))
    for (const [name, text] of inputs) {
      const tuple = await mustGet(saver, config(`c${text}`))
      assert.deepEqual(tuple.checkpoint.channel_values, { name })
      assert.equal(tuple.checkpoint.id, `c${text}`)
      assert.deepEqual(tuple.config, config(`c${text}`))
    }
    assert.deepEqual(
      new Set(await idsOf(saver.list(config()))),
      new Set(inputs.map(([, text]) => `c${text}`)),
    )
  })

  test('task ids', async ({ saver, config }) => {
    const stored = await putAll(saver, config(), 'c1')
    await Promise.all(inputs.map(([name, text]) => saver.putWrites(stored, [['x', name]], text, text)))
    const { pendingWrites = [] } = await mustGet(saver, stored)
    assert.equal(pendingWrites.length, inputs.length)
    assert.deepEqual(
      new Map(pendingWrites.map(([task, , value]) => [task, value])),
      new Map(inputs.map(([name, text]) => [text, name])),
    )
  })

  test('ids that meet when they are joined', async ({ saver, threadId }) => {
    for (const mark of [':', '|', ',', '/', '_', '\0', ' ', '']) {
      const ids = [`${threadId}${mark}a`, `${threadId}${mark}a${mark}b`]
      const places = [
        [ids[0], `b${mark}c`, 'd'],
        [ids[0], 'b', `c${mark}d`],
        [ids[1], 'c', 'd'],
      ] as const
      for (const [at, [thread = '', namespace, id]] of places.entries()) {
        const stored = await putAll(saver, configOf(thread, undefined, namespace), id, { at })
        await saver.putWrites(stored, [['x', at]], 'task')
      }
      for (const [at, [thread = '', namespace, id]] of places.entries()) {
        const tuple = await mustGet(saver, configOf(thread, id, namespace))
        assert.deepEqual(tuple.checkpoint.channel_values, { at }, JSON.stringify(mark))
        assert.deepEqual(tuple.pendingWrites, [['task', 'x', at]], JSON.stringify(mark))
      }
      const stored = configOf(threadId, 'c1')
      const tasks = ['a', `a${mark}1`, `a${mark}1${mark}1`]
      for (const task of new Set(tasks))
        await saver.putWrites(
          stored,
          [
            ['x', 1],
            ['y', 2],
          ],
          task,
          `${mark}1`,
        )
      await putAll(saver, configOf(threadId), 'c1')
      assert.deepEqual(
        (await mustGet(saver, stored)).pendingWrites,
        [...new Set(tasks)].flatMap((task) => [
          [task, 'x', 1],
          [task, 'y', 2],
        ]),
        JSON.stringify(mark),
      )
      for (const id of [...ids, threadId]) await saver.deleteThread(id)
    }
  })
}
