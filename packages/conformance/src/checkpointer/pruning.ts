import assert from 'node:assert/strict'
import type { RunnableConfig } from '@langchain/core/runnables'
import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint'
import { type CheckpointerSuite, configOf, idsOf, metadata, mustGet, putAll, uniqueId } from './scene.js'

const CHILD = 'child'
const TASK = 'child:00000000-0000-4000-8000-00000000000a'

/** `prune`, as LangGraph's base class in Python has it. */
export function pruning({ testWith }: CheckpointerSuite): void {
  testWith('prune', 'it keeps the newest checkpoint of a thread', async ({ config, threadId }, saver) => {
    await chain(saver, config(), 4)
    await saver.prune([threadId], { strategy: 'keep_latest' })
    assert.deepEqual(await idsOf(saver.list(config())), ['c4'])
    const tuple = await mustGet(saver, config())
    assert.deepEqual(tuple.checkpoint.channel_values, { x: 'c4', same: 'same' })
  })

  testWith('prune', 'it keeps the newest of each of several threads', async ({ threadId }, saver) => {
    const ids = [threadId, uniqueId('thread'), uniqueId('thread')]
    for (const id of ids) await chain(saver, configOf(id), 3)
    await saver.prune(ids, { strategy: 'keep_latest' })
    for (const id of ids) assert.deepEqual(await idsOf(saver.list(configOf(id))), ['c3'])
    for (const id of ids) await saver.deleteThread(id)
  })

  testWith('prune', 'it keeps the newest of each namespace', async ({ config, threadId }, saver) => {
    await chain(saver, config(), 3)
    await chain(saver, config(undefined, CHILD), 2)
    await chain(saver, config(undefined, TASK), 2)
    await saver.prune([threadId])
    assert.deepEqual(await idsOf(saver.list(config())), ['c3'])
    assert.deepEqual(await idsOf(saver.list(config(undefined, CHILD))), ['c2'])
    assert.deepEqual(await idsOf(saver.list(config(undefined, TASK))), ['c2'])
  })

  testWith(
    'prune',
    'it keeps the pending writes of what it keeps, and no others',
    async ({ config, threadId }, saver) => {
      const last = await chain(saver, config(), 3)
      await saver.putWrites(config('c2'), [['x', 'settled']], 'task')
      await saver.putWrites(last, [['x', 'pending']], 'task')
      await saver.prune([threadId])
      assert.deepEqual((await mustGet(saver, config())).pendingWrites, [['task', 'x', 'pending']])
      // A checkpoint of the same name has none of the old writes.
      await putAll(saver, config(), 'c2')
      assert.deepEqual((await mustGet(saver, config('c2'))).pendingWrites, [])
    },
  )

  testWith('prune', 'with the strategy delete it removes threads', async ({ config, threadId }, saver) => {
    await chain(saver, config(), 2)
    await chain(saver, config(undefined, CHILD), 2)
    await saver.prune([threadId], { strategy: 'delete' })
    assert.equal(await saver.getTuple(config()), undefined)
    assert.deepEqual(await idsOf(saver.list({ configurable: { thread_id: threadId } })), [])
  })

  testWith('prune', 'it leaves other threads alone', async ({ config, threadId }, saver) => {
    const other = uniqueId('thread')
    await chain(saver, config(), 2)
    await chain(saver, configOf(other), 3)
    await saver.prune([threadId])
    await saver.prune([threadId], { strategy: 'delete' })
    assert.deepEqual(await idsOf(saver.list(configOf(other))), ['c3', 'c2', 'c1'])
    await saver.deleteThread(other)
  })

  testWith('prune', 'without threads it does nothing', async ({ config }, saver) => {
    await chain(saver, config(), 2)
    await saver.prune([])
    await saver.prune([], { strategy: 'delete' })
    assert.deepEqual(await idsOf(saver.list(config())), ['c2', 'c1'])
  })

  testWith(
    'prune',
    'a thread that does not exist is no error, and is not born',
    async ({ threadId, config }, saver) => {
      await saver.prune([threadId])
      await saver.prune([threadId], { strategy: 'delete' })
      assert.equal(await saver.getTuple(config()), undefined)
    },
  )

  testWith('prune', 'a run goes on from what is kept', async ({ config, threadId, another }, saver) => {
    const last = await chain(saver, config(), 5)
    await saver.prune([threadId])
    const writers = [saver, await another()]
    let parent = last
    for (const [at, writer] of writers.entries()) {
      const id = `d${at}`
      parent = await writer.put(parent, { ...(await mustGet(writer, parent)).checkpoint, id }, metadata, {})
    }
    const tuple = await mustGet(await another(), config())
    assert.equal(tuple.checkpoint.id, 'd1')
    assert.deepEqual(tuple.checkpoint.channel_values, { x: 'c5', same: 'same' })
  })
}

async function chain(
  saver: BaseCheckpointSaver,
  root: RunnableConfig,
  length: number,
): Promise<RunnableConfig> {
  let parent = root
  for (let at = 1; at <= length; at++)
    parent = await putAll(saver, parent, `c${at}`, { x: `c${at}`, same: 'same' })
  return parent
}
