import { CairnSaver, type HealedEvent } from '@cairnkit/langgraph'
import { afterAll, describe, expect, test } from 'vitest'
import { failingCommits } from '../src/failing-commits.js'
import { chatGraph, human, textsOf, threadConfig } from '../src/graphs.js'
import { openScene } from './healing/scene.js'
import { type Writer, at, checkpoint, put, valueOf } from './healing/writer.js'

const scene = await openScene('healing-thrown-back')
const { driver, writer, stored, pastOf } = scene
afterAll(async () => await scene[Symbol.asyncDispose]())

describe('a thread that was thrown back', () => {
  test('has its lost tail again with the next put', async (context) => {
    const past = pastOf(context, 'tail')
    const one = writer()
    await put(one, 'tail', 'c1')
    await past.keep()
    await put(one, 'tail', 'c2', 'c1')
    await one.saver.putWrites(at('tail', 'c2'), [['x', valueOf('write')]], 'task')
    await put(one, 'tail', 'c3', 'c2')
    await one.saver.putWrites(
      at('tail', 'c3'),
      [
        ['x', 'small'],
        ['y', 2],
      ],
      'task',
    )
    const before = await stored('tail')
    await past.bringBack()
    expect(Object.keys(await stored('tail'))).toEqual(['/c1'])
    await put(one, 'tail', 'c4', 'c3')
    const { '/c4': newest, ...rest } = await stored('tail')
    expect(rest).toEqual(before)
    expect(newest).toMatchObject({ values: checkpoint('c4').channel_values, parent: 'c3' })
    expect(one.healed).toEqual([{ threadId: 'tail', namespace: '', checkpoints: 2, writes: 3, lost: 'tail' }])
    await put(one, 'tail', 'c5', 'c4')
    expect(one.healed).toHaveLength(1)
  })

  test('has it again with the next write too, and lost writes of a checkpoint that stayed', async (context) => {
    const past = pastOf(context, 'writes')
    const one = writer()
    await put(one, 'writes', 'c1')
    await past.keep()
    await one.saver.putWrites(at('writes', 'c1'), [['x', 'first']], 'task-1')
    await past.bringBack()
    await one.saver.putWrites(at('writes', 'c1'), [['x', 'second']], 'task-2')
    expect(await stored('writes')).toMatchObject({
      '/c1': {
        writes: [
          ['task-1', 'x', 'first'],
          ['task-2', 'x', 'second'],
        ],
      },
    })
    expect(one.healed).toMatchObject([{ checkpoints: 0, writes: 1 }])
  })

  test('has the newest state of a write that replaces its former one', async (context) => {
    const past = pastOf(context, 'special')
    const one = writer()
    await put(one, 'special', 'c1')
    await one.saver.putWrites(at('special', 'c1'), [['__resume__', 'old']], 'task')
    await past.keep()
    await one.saver.putWrites(at('special', 'c1'), [['__resume__', 'new']], 'task')
    await one.saver.putWrites(at('special', 'c1'), [['x', 1]], 'other')
    await past.bringBack()
    await put(one, 'special', 'c2', 'c1')
    expect(await stored('special')).toMatchObject({
      '/c1': { writes: expect.arrayContaining([['task', '__resume__', 'new']]) as unknown },
    })
  })

  test('has the tails of all its namespaces again', async (context) => {
    const past = pastOf(context, 'spaces')
    const one = writer()
    await put(one, 'spaces', 'c1')
    await past.keep()
    await put(one, 'spaces', 'n1', undefined, 'child:1')
    await put(one, 'spaces', 'n2', 'n1', 'child:1')
    const before = await stored('spaces')
    await past.bringBack()
    await put(one, 'spaces', 'c2', 'c1')
    expect(await stored('spaces')).toMatchObject(before)
    expect(one.healed).toMatchObject([{ namespace: '', checkpoints: 2 }])
  })

  test('is as it was without healing', async (context) => {
    const past = pastOf(context, 'off')
    const one = writer('off')
    await put(one, 'off', 'c1')
    await past.keep()
    await put(one, 'off', 'c2', 'c1')
    await past.bringBack()
    await put(one, 'off', 'c3', 'c2')
    expect(Object.keys(await stored('off')).sort()).toEqual(['/c1', '/c3'])
    expect(one.healed).toEqual([])
  })

  test('is healed under a claim on the head, if no other run has gone on meanwhile', async (context) => {
    const past = pastOf(context, 'claim')
    const one = writer('tail', { onConflict: 'reject' })
    await put(one, 'claim', 'c1')
    await past.keep()
    await put(one, 'claim', 'c2', 'c1')
    await put(one, 'claim', 'c3', 'c2')
    await past.bringBack()
    await put(one, 'claim', 'c4', 'c3')
    expect(Object.keys(await stored('claim')).sort()).toEqual(['/c1', '/c2', '/c3', '/c4'])
    await past.bringBack()
    await put(writer('tail', { onConflict: 'reject' }), 'claim', 'c9', 'c1')
    await expect(put(one, 'claim', 'd1', 'c4')).rejects.toMatchObject({
      code: 'conflict',
      expectedHead: 'c4',
      actualHead: 'c9',
    })
    expect(Object.keys(await stored('claim')).sort()).toEqual(['/c1', '/c9'])
  })

  test('is healed under a lease, whose fence fell as well', async (context) => {
    const past = pastOf(context, 'lease')
    const one = writer()
    await put(one, 'lease', 'c1')
    await past.keep()
    await one.saver.withThread('lease', async () => {
      await put(one, 'lease', 'c2', 'c1')
      await past.bringBack()
      await put(one, 'lease', 'c3', 'c2')
    })
    expect(Object.keys(await stored('lease')).sort()).toEqual(['/c1', '/c2', '/c3'])
    expect(one.healed).toMatchObject([{ checkpoints: 1 }])
  })

  test('is healed by a later run, when the one that noticed could not do it', async (context) => {
    const past = pastOf(context, 'later')
    const failing = failingCommits(driver)
    const healed: HealedEvent[] = []
    const one: Writer = {
      healed,
      saver: new CairnSaver(failing.driver, {
        observer: { onHealed: (event) => void healed.push(event) },
        retry: { maxAttempts: 1 },
      }),
    }
    await put(one, 'later', 'c1')
    await past.keep()
    await put(one, 'later', 'c2', 'c1')
    await past.bringBack()
    // The commit that notices passes, the one that would store it again does not.
    failing.failNext('before', undefined, 1)
    await expect(put(one, 'later', 'c3', 'c2')).rejects.toMatchObject({ code: 'unavailable' })
    await one.saver.putWrites(at('later', 'c1'), [['x', 'of another run']], 'task')
    await put(one, 'later', 'd2', 'c1')
    expect(Object.keys(await stored('later')).sort()).toEqual(['/c1', '/c2', '/d2'])
    expect(healed).toMatchObject([{ checkpoints: 1, lost: 'tail' }])
  })

  test('keeps what another process stored meanwhile', async (context) => {
    const past = pastOf(context, 'foreign')
    const [one, other] = [writer(), writer()]
    await put(one, 'foreign', 'c1')
    await past.keep()
    await put(one, 'foreign', 'c2', 'c1')
    await one.saver.putWrites(at('foreign', 'c1'), [['x', 'mine']], 'task')
    await past.bringBack()
    await put(other, 'foreign', 'b2', 'c1')
    await other.saver.putWrites(at('foreign', 'c1'), [['x', 'theirs']], 'task')
    await put(one, 'foreign', 'c3', 'c2')
    const now = await stored('foreign')
    expect(Object.keys(now).sort()).toEqual(['/b2', '/c1', '/c2', '/c3'])
    expect(now).toMatchObject({ '/c1': { writes: [['task', 'x', 'theirs']] } })
  })

  test('in a graph: the run goes on as if nothing had happened', async (context) => {
    const past = pastOf(context, 'graph')
    const { saver, healed } = writer()
    const graph = chatGraph(saver)
    const config = { ...threadConfig('graph'), durability: 'sync' as const }
    await graph.invoke(human('one'), config)
    await past.keep()
    await graph.invoke(human('two'), config)
    const before = await stored('graph')
    const last = await graph.getState(config)
    await past.bringBack()
    await saver.putWrites(last.config, [['messages', 'late']], 'task')
    await graph.invoke(human('three'), config)
    expect(await stored('graph')).toMatchObject(
      Object.fromEntries(
        Object.entries(before).map(([name, tuple]) => [
          name,
          { values: (tuple as { values: unknown }).values },
        ]),
      ),
    )
    const state = await chatGraph(new CairnSaver(driver)).getState(config)
    expect(textsOf(state.values.messages)).toEqual([
      'one',
      'answer 1',
      'two',
      'answer 3',
      'three',
      'answer 5',
    ])
    expect(healed.length).toBeGreaterThan(0)
  })
})
