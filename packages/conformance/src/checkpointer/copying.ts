import assert from 'node:assert/strict'
import { type CheckpointerSuite, collect, configOf, idsOf, mustGet, putAll, uniqueId } from './scene.js'

/** `copyThread`, as LangGraph's base class in Python has it. */
export function copying({ testWith }: CheckpointerSuite): void {
  testWith('copyThread', 'the copy has the newest checkpoint', async ({ config, threadId }, saver) => {
    const target = uniqueId('copy')
    await putAll(saver, config(), 'c1', { x: 'long '.repeat(100) })
    await saver.copyThread(threadId, target)
    const copied = await mustGet(saver, configOf(target))
    assert.equal(copied.checkpoint.id, 'c1')
    assert.deepEqual(copied.checkpoint.channel_values, { x: 'long '.repeat(100) })
    assert.equal(copied.config.configurable?.['thread_id'], target)
    await saver.deleteThread(target)
  })

  testWith(
    'copyThread',
    'the copy has all checkpoints with values, metadata and writes, in their order',
    async (scene, saver) => {
      const { config, threadId, another } = scene
      const target = uniqueId('copy')
      let parent = config()
      for (let at = 1; at <= 5; at++) {
        const values = { x: { at, text: 'long '.repeat(100) }, same: ['same'] }
        parent = await putAll(saver, parent, `c${at}`, values, {
          source: 'loop',
          step: at,
          parents: { '': `p${at}` },
        })
        await saver.putWrites(parent, [['x', at]], `task-${at}`, '~1')
      }
      await saver.copyThread(threadId, target)
      const strip = async (id: string) =>
        (await collect((await another()).list(configOf(id)))).map(
          ({ checkpoint, metadata, pendingWrites, parentConfig }) => ({
            ...{ checkpoint, metadata, pendingWrites },
            parentId: parentConfig?.configurable?.['checkpoint_id'],
          }),
        )
      const copied = await strip(target)
      assert.deepEqual(copied, await strip(threadId))
      assert.deepEqual(
        copied.map(({ checkpoint }) => checkpoint.id),
        ['c5', 'c4', 'c3', 'c2', 'c1'],
      )
      await saver.deleteThread(target)
    },
  )

  testWith('copyThread', 'the copy has all namespaces', async ({ config, threadId }, saver) => {
    const target = uniqueId('copy')
    const namespaces = ['', 'child', 'child|deep:1']
    for (const namespace of namespaces) await putAll(saver, config(undefined, namespace), 'c1', { namespace })
    await saver.copyThread(threadId, target)
    for (const namespace of namespaces) {
      const { checkpoint } = await mustGet(saver, configOf(target, undefined, namespace))
      assert.deepEqual(checkpoint.channel_values, { namespace })
    }
    await saver.deleteThread(target)
  })

  testWith('copyThread', 'source and copy go on by themselves', async ({ config, threadId }, saver) => {
    const target = uniqueId('copy')
    await putAll(saver, config(), 'c1', { x: 'both' })
    await saver.copyThread(threadId, target)
    await putAll(saver, configOf(target, 'c1'), 'c2', { x: 'copy' })
    assert.deepEqual(await idsOf(saver.list(config())), ['c1'])
    await putAll(saver, config('c1'), 'c3', { x: 'source' })
    assert.deepEqual(await idsOf(saver.list(configOf(target))), ['c2', 'c1'])
    await saver.deleteThread(threadId)
    assert.deepEqual((await mustGet(saver, configOf(target, 'c1'))).checkpoint.channel_values, { x: 'both' })
    await saver.deleteThread(target)
  })

  testWith('copyThread', 'without a source there is no copy, and no error', async ({ threadId }, saver) => {
    const target = uniqueId('copy')
    await saver.copyThread(threadId, target)
    assert.equal(await saver.getTuple(configOf(target)), undefined)
  })

  testWith(
    'copyThread',
    'a thread that exists is not changed by a copy to it',
    async ({ config, threadId }, saver) => {
      const target = uniqueId('copy')
      await putAll(saver, config(), 'c1', { x: 'source' })
      await putAll(saver, configOf(target), 'c0', { x: 'target' })
      await assert.rejects(async () => await saver.copyThread(threadId, target))
      await assert.rejects(async () => await saver.copyThread(threadId, threadId))
      assert.deepEqual(await idsOf(saver.list(configOf(target))), ['c0'])
      await saver.deleteThread(target)
    },
  )
}
