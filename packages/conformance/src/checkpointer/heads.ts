import assert from 'node:assert/strict'
import type { RunnableConfig } from '@langchain/core/runnables'
import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint'
import { type CheckpointerSuite, checkpointOf, idsOf, metadata, mustGet, putAll } from './scene.js'

/**
 * Which checkpoint the next turn goes on from. Ids begin with the time of the machine that made them, and clocks differ:
 * one that is put on the head is the head, whatever its id. Any other one is the head if its id is the largest.
 */
export function heads({ test }: CheckpointerSuite): void {
  test('a checkpoint that is put on the head is the head, whatever its id', async ({
    saver,
    another,
    config,
  }) => {
    let parent = config()
    // Two machines: the clock of the second one is behind, jumps ahead, and falls back.
    for (const id of ['c50', 'c30', 'c31', 'c32', 'c60', 'c20', 'c55', 'c58', 'c70', 'c10']) {
      parent = await putAll(await another(), parent, id, { turn: id })
      for (const reader of [saver, await another()]) await isHead(reader, config(), id)
    }
    assert.equal((await mustGet(saver, config('c60'))).parentConfig?.configurable?.['checkpoint_id'], 'c32')
  })

  test('so it is for one that remembers what it has put', async ({ saver, another, config }) => {
    let parent = config()
    for (const id of ['c50', 'c30', 'c40', 'c20', 'c60', 'c61', 'c59']) {
      parent = await putAll(saver, parent, id, { turn: id })
      for (const reader of [saver, await another()]) await isHead(reader, config(), id)
    }
  })

  test('so it is in each namespace, and with the writes that came before it', async ({
    saver,
    another,
    config,
  }) => {
    for (const namespace of ['', 'child:1']) {
      const first = await putAll(saver, config(undefined, namespace), 'c5')
      await saver.putWrites(config('c3', namespace), [['x', 'early']], 'task')
      await putAll(await another(), first, 'c3')
      await saver.putWrites(config('c5', namespace), [['x', 'late']], 'task')
      const { pendingWrites } = await isHead(await another(), config(undefined, namespace), 'c3')
      assert.deepEqual(pendingWrites, [['task', 'x', 'early']])
    }
  })

  test('a listing is in the order of ids, and before a checkpoint means before its id', async ({
    saver,
    config,
  }) => {
    const root = await putAll(saver, config(), 'c5')
    await putAll(saver, await putAll(saver, root, 'c3'), 'c4')
    assert.deepEqual(await idsOf(saver.list(config())), ['c5', 'c4', 'c3'])
    assert.deepEqual(await idsOf(saver.list(config(), { before: config('c4') })), ['c3'])
    assert.deepEqual(await idsOf(saver.list(config(), { limit: 1 })), ['c5'])
  })

  test('a fork is the head only if its id is the largest', async ({ saver, another, config }) => {
    const root = await putAll(saver, config(), 'c1')
    const behind = await putAll(saver, await putAll(saver, root, 'c5'), 'c3')
    await putAll(await another(), root, 'c4')
    await isHead(await another(), config(), 'c3')
    await putAll(await another(), root, 'c2')
    await isHead(await another(), config(), 'c3')
    await putAll(await another(), root, 'c6')
    await isHead(await another(), config(), 'c6')
    // What was the head before is not any more.
    await putAll(await another(), behind, 'c31')
    await isHead(saver, config(), 'c6')
  })

  test('of two that are put on one head the first is the head, and the second is judged by its id', async ({
    saver,
    another,
    config,
  }) => {
    const head = await putAll(saver, config(), 'c5')
    const [one, two, three] = [await another(), await another(), await another()]
    // All three have seen the same.
    for (const each of [one, two, three]) await mustGet(each, config())
    await putAll(one, head, 'c2')
    await putAll(two, head, 'c3')
    await isHead(await another(), config(), 'c2')
    await putAll(three, head, 'c7')
    await isHead(await another(), config(), 'c7')
  })

  test('a checkpoint that is put again changes nothing', async ({ saver, another, config }) => {
    const head = await putAll(saver, config(), 'c5')
    const behind = await putAll(saver, head, 'c3')
    await putAll(await another(), behind, 'c4')
    await putAll(await another(), head, 'c3')
    await isHead(await another(), config(), 'c4')
  })

  test('a copy is the head only if its id is the largest', async ({ saver, another, config }) => {
    const root = await putAll(saver, config(), 'c5', { x: 'root' })
    await putAll(saver, root, 'c3', { x: 'turn' })
    const copy = checkpointOf('c4', { x: 'root' }, { x: 1 })
    await (await another()).put(config(), copy, { ...metadata, source: 'fork' }, {})
    await isHead(await another(), config(), 'c3')
  })

  test('a thread that is moved in the order of its ids, or against it, has the newest as its head', async ({
    saver,
    another,
    config,
  }) => {
    const ids = ['c1', 'c2', 'c3', 'c4']
    for (const [namespace, order] of [
      ['up', ids],
      ['down', ids.toReversed()],
    ] as const) {
      for (const id of order) {
        const at = ids.indexOf(id)
        await putAll(saver, config(at === 0 ? undefined : ids[at - 1], namespace), id)
      }
      await isHead(await another(), config(undefined, namespace), 'c4')
    }
  })

  test('the history of a delta channel is that of the head', async ({ saver, another, config }) => {
    const root = await putAll(saver, config(), 'c5', { log: ['seed'] })
    await saver.putWrites(root, [['log', 'first']], 'task')
    const behind = await saver.put(root, checkpointOf('c3', {}, { log: 2 }), metadata, {})
    await saver.putWrites(behind, [['log', 'second']], 'task')
    await saver.put(behind, checkpointOf('c4', {}, { log: 3 }), metadata, {})
    const history = await (await another()).getDeltaChannelHistory({ config: config(), channels: ['log'] })
    assert.deepEqual(
      history['log']?.writes.map(([, , value]) => value),
      ['first', 'second'],
    )
    assert.deepEqual(history['log']?.seed, ['seed'])
  })

  test('a deleted thread has no head, and begins anew', async ({ saver, another, config, threadId }) => {
    const head = await putAll(saver, config(), 'c5')
    await putAll(saver, head, 'c3')
    await (await another()).deleteThread(threadId)
    assert.equal(await saver.getTuple(config()), undefined)
    await putAll(saver, await putAll(saver, config(), 'c2'), 'c1')
    await isHead(await another(), config(), 'c1')
    await putAll(saver, config('c2'), 'c5')
    await isHead(await another(), config(), 'c5')
  })
}

async function isHead(
  saver: BaseCheckpointSaver,
  config: RunnableConfig,
  id: string,
): ReturnType<typeof mustGet> {
  const tuple = await mustGet(saver, config)
  assert.equal(tuple.checkpoint.id, id)
  assert.equal(tuple.config.configurable?.['checkpoint_id'], id)
  return tuple
}
