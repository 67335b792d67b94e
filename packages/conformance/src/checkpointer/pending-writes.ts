import assert from 'node:assert/strict'
import { type CheckpointerSuite, mustGet, putAll } from './scene.js'

/** FIELD rules 1 and 2: how pending writes are identified, replaced and ordered. */
export function pendingWrites({ test }: CheckpointerSuite): void {
  test('a checkpoint without writes has an empty array of them', async ({ saver, config }) => {
    const stored = await putAll(saver, config(), 'c1')
    assert.deepEqual((await mustGet(saver, stored)).pendingWrites, [])
  })

  test('a repeated regular write keeps the first value', async ({ saver, config }) => {
    const stored = await putAll(saver, config(), 'c1')
    await saver.putWrites(
      stored,
      [
        ['a', 'first'],
        ['b', 1],
      ],
      'task',
    )
    await saver.putWrites(
      stored,
      [
        ['a', 'second'],
        ['b', 2],
        ['c', 3],
      ],
      'task',
    )
    assert.deepEqual((await mustGet(saver, stored)).pendingWrites, [
      ['task', 'a', 'first'],
      ['task', 'b', 1],
      ['task', 'c', 3],
    ])
  })

  test('a repeated special write keeps the last value', async ({ saver, config }) => {
    const stored = await putAll(saver, config(), 'c1')
    for (const value of ['first', 'second']) {
      for (const channel of ['__error__', '__scheduled__', '__interrupt__', '__resume__']) {
        await saver.putWrites(stored, [[channel, value]], 'task')
      }
    }
    const writes = (await mustGet(saver, stored)).pendingWrites
    assert.deepEqual(writes, [
      ['task', '__resume__', 'second'],
      ['task', '__interrupt__', 'second'],
      ['task', '__scheduled__', 'second'],
      ['task', '__error__', 'second'],
    ])
  })

  test('regular and special writes of one call are judged one by one', async ({ saver, config }) => {
    const stored = await putAll(saver, config(), 'c1')
    await saver.putWrites(
      stored,
      [
        ['a', 1],
        ['__interrupt__', 'x'],
        ['b', 2],
      ],
      'task',
    )
    await saver.putWrites(
      stored,
      [
        ['a', 9],
        ['__interrupt__', 'y'],
        ['b', 9],
      ],
      'task',
    )
    assert.deepEqual((await mustGet(saver, stored)).pendingWrites, [
      ['task', '__interrupt__', 'y'],
      ['task', 'a', 1],
      ['task', 'b', 2],
    ])
  })

  test('of equal special writes in one call the last counts', async ({ saver, config }) => {
    const stored = await putAll(saver, config(), 'c1')
    await saver.putWrites(
      stored,
      [
        ['__resume__', 1],
        ['__resume__', 2],
      ],
      'task',
    )
    assert.deepEqual((await mustGet(saver, stored)).pendingWrites, [['task', '__resume__', 2]])
  })

  test('special writes of two tasks are both kept', async ({ saver, config }) => {
    const stored = await putAll(saver, config(), 'c1')
    for (const task of ['task-a', 'task-b']) await saver.putWrites(stored, [['__interrupt__', task]], task)
    assert.deepEqual((await mustGet(saver, stored)).pendingWrites, [
      ['task-a', '__interrupt__', 'task-a'],
      ['task-b', '__interrupt__', 'task-b'],
    ])
  })

  test('values that are falsy are written all the same', async ({ saver, config }) => {
    const stored = await putAll(saver, config(), 'c1')
    const values = [null, false, 0, '', undefined]
    await saver.putWrites(
      stored,
      values.map((value) => ['x', value]),
      'task',
    )
    assert.deepEqual(
      (await mustGet(saver, stored)).pendingWrites,
      values.map((value) => ['task', 'x', value]),
    )
  })

  test('channels named like members of Object.prototype are regular', async ({ saver, config }) => {
    const stored = await putAll(saver, config(), 'c1')
    const channels = ['constructor', '__proto__', 'toString', 'hasOwnProperty']
    for (const value of ['first', 'second']) {
      await saver.putWrites(
        stored,
        channels.map((channel) => [channel, value]),
        'task',
      )
    }
    assert.deepEqual(
      (await mustGet(saver, stored)).pendingWrites,
      channels.map((channel) => ['task', channel, 'first']),
    )
  })

  test('writes may arrive before their checkpoint, and do not make one', async ({ saver, config }) => {
    await saver.putWrites(config('c1'), [['a', 1]], 'task')
    assert.equal(await saver.getTuple(config('c1')), undefined)
    assert.equal(await saver.getTuple(config()), undefined)
    await putAll(saver, config(), 'c1')
    assert.deepEqual((await mustGet(saver, config('c1'))).pendingWrites, [['task', 'a', 1]])
  })

  test('writes to a checkpoint to come do not hide the latest one', async ({ saver, config }) => {
    await putAll(saver, config(), 'c1')
    await saver.putWrites(config('c2'), [['a', 1]], 'task')
    assert.equal((await mustGet(saver, config())).checkpoint.id, 'c1')
  })

  test('an empty list of writes is nothing', async ({ saver, config }) => {
    await saver.putWrites(config('c1'), [], 'task')
    assert.equal(await saver.getTuple(config()), undefined)
  })

  test('order is by task path, then task id, then position', async ({ saver, config }) => {
    const stored = await putAll(saver, config(), 'c1')
    const eleven = Array.from({ length: 11 }, (_, at): [string, number] => ['x', at])
    await saver.putWrites(stored, eleven, 'task-b', '~2')
    await saver.putWrites(stored, [['x', 'path 1']], 'task-c', '~1')
    await saver.putWrites(stored, [['x', 'no path, a']], 'task-a')
    await saver.putWrites(stored, [['x', 'astral']], '\u{10000}', '~1')
    await saver.putWrites(stored, [['x', 'half width']], '\uff61', '~1')
    assert.deepEqual(
      (await mustGet(saver, stored)).pendingWrites?.map(([, , value]) => value),
      ['no path, a', 'path 1', 'half width', 'astral', ...eleven.map(([, value]) => value)],
    )
  })

  test('the task path does not identify a write', async ({ saver, config }) => {
    const stored = await putAll(saver, config(), 'c1')
    await saver.putWrites(stored, [['x', 'first']], 'task', '~1')
    await saver.putWrites(stored, [['x', 'second']], 'task', '~2')
    assert.deepEqual((await mustGet(saver, stored)).pendingWrites, [['task', 'x', 'first']])
  })

  test('fifty writes in one tick are all kept', async ({ saver, config }) => {
    const stored = await putAll(saver, config(), 'c1')
    const tasks = Array.from({ length: 50 }, (_, at) => `task-${String(at).padStart(2, '0')}`)
    await Promise.all(tasks.map(async (task) => await saver.putWrites(stored, [['x', task]], task)))
    assert.deepEqual(
      (await mustGet(saver, stored)).pendingWrites,
      tasks.map((task) => [task, 'x', task]),
    )
  })

  test('writes of two checkpointers at once are all kept', async ({ saver, another, config }) => {
    const stored = await putAll(saver, config(), 'c1')
    const savers = [saver, await another()]
    const tasks = Array.from({ length: 20 }, (_, at) => `task-${String(at).padStart(2, '0')}`)
    await Promise.all(
      tasks.map(async (task, at) => await savers[at % 2]?.putWrites(stored, [['x', task]], task)),
    )
    for (const reader of [...savers, await another()]) {
      assert.deepEqual(
        (await mustGet(reader, stored)).pendingWrites,
        tasks.map((task) => [task, 'x', task]),
      )
    }
  })

  test('writes of one checkpoint are not those of another', async ({ saver, config }) => {
    const first = await putAll(saver, config(), 'c1')
    const second = await putAll(saver, first, 'c2')
    const child = await putAll(saver, config(undefined, 'child'), 'c1')
    await saver.putWrites(first, [['x', 1]], 'task')
    await saver.putWrites(second, [['x', 2]], 'task')
    await saver.putWrites(child, [['x', 3]], 'task')
    for (const [of, value] of [
      [first, 1],
      [second, 2],
      [child, 3],
    ] as const) {
      assert.deepEqual((await mustGet(saver, of)).pendingWrites, [['task', 'x', value]])
    }
  })

  test('a checkpoint that is put again keeps its writes', async ({ saver, config }) => {
    const stored = await putAll(saver, config(), 'c1')
    await saver.putWrites(stored, [['x', 1]], 'task')
    await putAll(saver, config(), 'c1', { again: true })
    const tuple = await mustGet(saver, stored)
    assert.deepEqual(tuple.pendingWrites, [['task', 'x', 1]])
    assert.deepEqual(tuple.checkpoint.channel_values, { again: true })
  })
}
