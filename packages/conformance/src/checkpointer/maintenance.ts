import assert from 'node:assert/strict'
import type { RunnableConfig } from '@langchain/core/runnables'
import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint'
import {
  type CheckpointerSuite,
  type Scene,
  collect,
  configOf,
  idsOf,
  mustGet,
  putAll,
  uniqueId,
} from './scene.js'

/** What LangGraph's base class of savers in Python has besides, under the names of JavaScript. */
interface MaintainedSaver extends BaseCheckpointSaver {
  prune(
    threadIds: readonly string[],
    options?: { readonly strategy?: 'keep_latest' | 'delete' },
  ): Promise<unknown>
  copyThread(sourceThreadId: string, targetThreadId: string): Promise<unknown>
  deleteForRuns(runIds: readonly string[]): Promise<unknown>
}

/** Rules of LangGraph's conformance kit in Python: prune, copy and delete_for_runs. */
export function maintenance({ test, runner }: CheckpointerSuite): void {
  const maintained = (title: string, body: (scene: Scene, saver: MaintainedSaver) => Promise<void>): void =>
    test(title, async (scene) => await body(scene, maintainedSaver(scene.saver)))

  runner.describe('prune', () => {
    maintained('keeps the latest of one thread', async ({ threadId }, saver) => {
      await chain(saver, threadId, ['c1', 'c2', 'c3'])
      await saver.prune([threadId], { strategy: 'keep_latest' })
      assert.deepEqual(await all(saver, threadId), ['c3'])
      assert.deepEqual((await mustGet(saver, configOf(threadId))).checkpoint.channel_values, { x: 'c3' })
    })

    maintained('keeps the latest of several threads', async (_, saver) => {
      const ids = [uniqueId('a'), uniqueId('b')]
      for (const id of ids) await chain(saver, id, ['c1', 'c2', 'c3'])
      await saver.prune(ids)
      for (const id of ids) assert.deepEqual(await all(saver, id), ['c3'])
      for (const id of ids) await saver.deleteThread(id)
    })

    maintained('keeps the latest of each namespace', async ({ threadId }, saver) => {
      for (const namespace of ['', 'child', 'child|grandchild'])
        await chain(saver, threadId, ['c1', 'c2'], {}, namespace)
      await saver.prune([threadId])
      for (const namespace of ['', 'child', 'child|grandchild'])
        assert.deepEqual(await all(saver, threadId, namespace), ['c2'])
    })

    maintained('keeps the writes of what it keeps', async ({ threadId }, saver) => {
      await chain(saver, threadId, ['c1', 'c2'])
      for (const id of ['c1', 'c2']) await saver.putWrites(configOf(threadId, id), [['x', id]], 'task')
      await saver.prune([threadId])
      assert.deepEqual((await mustGet(saver, configOf(threadId))).pendingWrites, [['task', 'x', 'c2']])
      assert.equal(await saver.getTuple(configOf(threadId, 'c1')), undefined)
    })

    maintained('deletes all', async ({ threadId }, saver) => {
      await chain(saver, threadId, ['c1', 'c2'])
      await chain(saver, threadId, ['c1'], {}, 'child')
      await saver.prune([threadId], { strategy: 'delete' })
      assert.deepEqual(await all(saver, threadId), [])
      assert.deepEqual(await all(saver, threadId, 'child'), [])
    })

    maintained('leaves other threads alone', async ({ threadId }, saver) => {
      const other = uniqueId('other')
      for (const id of [threadId, other]) await chain(saver, id, ['c1', 'c2'])
      await saver.prune([threadId])
      assert.deepEqual(await all(saver, other), ['c2', 'c1'])
      await saver.prune([threadId], { strategy: 'delete' })
      assert.deepEqual(await all(saver, other), ['c2', 'c1'])
      await saver.deleteThread(other)
    })

    maintained('does nothing for no threads, and for one that is not there', async ({ threadId }, saver) => {
      await chain(saver, threadId, ['c1', 'c2'])
      await saver.prune([])
      for (const strategy of ['keep_latest', 'delete'] as const)
        await saver.prune([uniqueId('nobody')], { strategy })
      assert.deepEqual(await all(saver, threadId), ['c2', 'c1'])
    })

    maintained('goes on after it', async ({ threadId }, saver) => {
      await chain(saver, threadId, ['c1', 'c2', 'c3'])
      await saver.prune([threadId])
      await putAll(saver, configOf(threadId, 'c3'), 'c4', { x: 'c4' })
      assert.deepEqual(await all(saver, threadId), ['c4', 'c3'])
      assert.equal(
        (await mustGet(saver, configOf(threadId, 'c3'))).parentConfig?.configurable?.['checkpoint_id'],
        'c2',
      )
    })
  })

  runner.describe('copyThread', () => {
    maintained(
      'copies all checkpoints with values, metadata, writes and order',
      async ({ threadId }, saver) => {
        const target = uniqueId('target')
        await chain(saver, threadId, ['c1', 'c2', 'c3'])
        await chain(saver, threadId, ['n1', 'n2'], {}, 'child')
        await saver.putWrites(
          configOf(threadId, 'c2'),
          [
            ['x', 1],
            ['y', { deep: ['written'] }],
          ],
          'task',
          'path',
        )
        await saver.putWrites(configOf(threadId, 'n2', 'child'), [['x', 2]], 'other')
        const before = await everything(saver, threadId)
        await saver.copyThread(threadId, target)
        assert.deepEqual(await everything(saver, target), before)
        assert.deepEqual(await everything(saver, threadId), before)
        assert.deepEqual(await all(saver, target), ['c3', 'c2', 'c1'])
        await saver.deleteThread(target)
        assert.deepEqual(await everything(saver, threadId), before)
      },
    )

    maintained('copies a thread that goes on by itself', async ({ threadId }, saver) => {
      const target = uniqueId('target')
      await chain(saver, threadId, ['c1', 'c2'])
      await saver.copyThread(threadId, target)
      await putAll(saver, configOf(target, 'c2'), 'c3', { x: 'c3' })
      assert.deepEqual(await all(saver, threadId), ['c2', 'c1'])
      assert.deepEqual(await all(saver, target), ['c3', 'c2', 'c1'])
      await saver.deleteThread(threadId)
      assert.deepEqual(await all(saver, target), ['c3', 'c2', 'c1'])
      await saver.deleteThread(target)
    })

    maintained('copies nothing of a thread that is not there', async (_, saver) => {
      const target = uniqueId('target')
      await saver.copyThread(uniqueId('nobody'), target)
      assert.deepEqual(await all(saver, target), [])
    })
  })

  runner.describe('deleteForRuns', () => {
    maintained(
      'removes what one run stored, with its writes, in all namespaces',
      async ({ threadId }, saver) => {
        const [mine, other] = [uniqueId('run'), uniqueId('run')]
        await chain(saver, threadId, ['c1', 'c2'], { run_id: other })
        await chain(saver, threadId, ['c3'], { run_id: mine }, '', 'c2')
        await chain(saver, threadId, ['n1'], { run_id: mine }, 'child')
        await chain(saver, threadId, ['n2'], { run_id: other }, 'child')
        await saver.putWrites(configOf(threadId, 'c3'), [['x', 1]], 'task')
        await saver.deleteForRuns([mine])
        assert.deepEqual(await all(saver, threadId), ['c2', 'c1'])
        assert.deepEqual(await all(saver, threadId, 'child'), ['n2'])
        assert.equal(await saver.getTuple(configOf(threadId, 'c3')), undefined)
      },
    )

    maintained('removes what several runs stored, in several threads', async ({ threadId }, saver) => {
      const [one, two, kept, second] = [uniqueId('run'), uniqueId('run'), uniqueId('run'), uniqueId('second')]
      for (const id of [threadId, second]) {
        await chain(saver, id, ['c1'], { run_id: kept })
        await chain(saver, id, ['c2'], { run_id: one }, '', 'c1')
        await chain(saver, id, ['c3'], { run_id: two }, '', 'c2')
      }
      await saver.deleteForRuns([one, two])
      for (const id of [threadId, second]) assert.deepEqual(await all(saver, id), ['c1'])
      await saver.deleteForRuns([kept])
      for (const id of [threadId, second]) assert.deepEqual(await all(saver, id), [])
    })

    maintained('does nothing for no runs, and for one that is not there', async ({ threadId }, saver) => {
      await chain(saver, threadId, ['c1'], { run_id: uniqueId('run') })
      await chain(saver, threadId, ['c2'], {}, '', 'c1')
      await saver.deleteForRuns([])
      await saver.deleteForRuns([uniqueId('nobody')])
      assert.deepEqual(await all(saver, threadId), ['c2', 'c1'])
    })
  })
}

function maintainedSaver(saver: BaseCheckpointSaver): MaintainedSaver {
  for (const method of ['prune', 'copyThread', 'deleteForRuns'])
    assert.equal(
      typeof (saver as unknown as Record<string, unknown>)[method],
      'function',
      `it has no ${method}`,
    )
  return saver as MaintainedSaver
}

/** Stores checkpoints one on the other; `said`: what their run says of itself. */
async function chain(
  saver: BaseCheckpointSaver,
  threadId: string,
  ids: readonly string[],
  said: Readonly<Record<string, string>> = {},
  namespace = '',
  parentId?: string,
): Promise<void> {
  let parent: RunnableConfig = configOf(threadId, parentId, namespace)
  for (const id of ids) {
    parent = await putAll(saver, { configurable: { ...parent.configurable, ...said } }, id, { x: id })
  }
}

async function all(saver: BaseCheckpointSaver, threadId: string, namespace = ''): Promise<string[]> {
  return await idsOf(saver.list(configOf(threadId, undefined, namespace)))
}

/** All that a thread holds, without its name. */
async function everything(saver: BaseCheckpointSaver, threadId: string): Promise<unknown[]> {
  const tuples = await collect(saver.list({ configurable: { thread_id: threadId } }))
  return tuples.map(({ config, parentConfig, ...tuple }) => ({
    ...tuple,
    at: [config.configurable?.['checkpoint_ns'], config.configurable?.['checkpoint_id']],
    on: parentConfig?.configurable?.['checkpoint_id'] as unknown,
  }))
}
