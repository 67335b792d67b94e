import assert from 'node:assert/strict'
import type { RunnableConfig } from '@langchain/core/runnables'
import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint'
import { type CheckpointerSuite, mustGet, putAll } from './scene.js'

/** FIELD rule 3: the history of delta channels. */
export function deltaChannels({ test }: CheckpointerSuite): void {
  test('a long chain is walked to its seed', async ({ saver, config }) => {
    const tip = await chain(saver, config(), 600, { 10: ['seed'] })
    const { m } = await saver.getDeltaChannelHistory({ config: tip, channels: ['m'] })
    assert.deepEqual(m?.seed, ['seed'])
    assert.deepEqual(
      m?.writes.map(([, , value]) => value),
      Array.from({ length: 589 }, (_, at) => at + 10),
    )
  })

  test("the checkpoint's own writes are pending; those of the seed's checkpoint count", async ({
    saver,
    config,
  }) => {
    const c0 = await putAll(saver, config(), 'c0', { m: ['seed'] })
    await saver.putWrites(c0, [['m', 1]], 'task')
    const c1 = await putAll(saver, c0, 'c1')
    await saver.putWrites(c1, [['m', 2]], 'task')
    const { m } = await saver.getDeltaChannelHistory({ config: c1, channels: ['m'] })
    assert.deepEqual(m, { seed: ['seed'], writes: [['task', 'm', 1]] })
  })

  test('within a checkpoint the writes stand in the order of the superstep', async ({ saver, config }) => {
    const c0 = await putAll(saver, config(), 'c0')
    await saver.putWrites(
      c0,
      [
        ['m', 'b-0'],
        ['m', 'b-1'],
      ],
      'task-b',
      '~2',
    )
    await saver.putWrites(c0, [['m', 'c']], 'task-c', '~1')
    await saver.putWrites(c0, [['m', 'no path']], 'task-d')
    const c1 = await putAll(saver, c0, 'c1')
    const { m } = await saver.getDeltaChannelHistory({ config: c1, channels: ['m'] })
    assert.deepEqual(
      m?.writes.map(([, , value]) => value),
      ['no path', 'c', 'b-0', 'b-1'],
    )
  })

  test('the own value of a checkpoint is no seed', async ({ saver, config }) => {
    const c0 = await putAll(saver, config(), 'c0', { m: 'seed' })
    await saver.putWrites(c0, [['m', 1]], 'task')
    const c1 = await putAll(saver, c0, 'c1', { m: 'own' })
    const { m } = await saver.getDeltaChannelHistory({ config: c1, channels: ['m'] })
    assert.deepEqual(m, { seed: 'seed', writes: [['task', 'm', 1]] })
  })

  test('a seed may be falsy', async ({ saver, config }) => {
    const channels = { nothing: null, no: false, zero: 0, empty: '' }
    const older = Object.fromEntries(Object.keys(channels).map((channel) => [channel, 'older']))
    const c0 = await putAll(saver, config(), 'c0', older)
    const c1 = await putAll(saver, c0, 'c1', channels)
    const c2 = await putAll(saver, c1, 'c2')
    const history = await saver.getDeltaChannelHistory({ config: c2, channels: Object.keys(channels) })
    for (const [channel, seed] of Object.entries(channels))
      assert.deepEqual(history[channel], { seed, writes: [] }, channel)
  })

  test('without a seed there is no such key, and every channel is there', async ({ saver, config }) => {
    const c0 = await putAll(saver, config(), 'c0')
    await saver.putWrites(c0, [['m', 1]], 'task')
    const c1 = await putAll(saver, c0, 'c1')
    const history = await saver.getDeltaChannelHistory({ config: c1, channels: ['m', 'other'] })
    assert.deepEqual(history, { m: { writes: [['task', 'm', 1]] }, other: { writes: [] } })
    assert.equal(Object.hasOwn(history['m'] ?? {}, 'seed'), false)
  })

  test('a stored undefined is no seed', async ({ saver, config }) => {
    const c0 = await putAll(saver, config(), 'c0', { m: 'seed' })
    const c1 = await putAll(saver, c0, 'c1', { m: undefined })
    const c2 = await putAll(saver, c1, 'c2')
    const { m } = await saver.getDeltaChannelHistory({ config: c2, channels: ['m'] })
    assert.deepEqual(m, { seed: 'seed', writes: [] })
  })

  test('channels end where their own seed is', async ({ saver, config }) => {
    const c0 = await putAll(saver, config(), 'c0', { a: 'a0', b: 'b0' })
    await saver.putWrites(
      c0,
      [
        ['a', 1],
        ['b', 1],
      ],
      'task',
    )
    const c1 = await putAll(saver, c0, 'c1', { a: 'a1' })
    await saver.putWrites(
      c1,
      [
        ['a', 2],
        ['b', 2],
      ],
      'task',
    )
    const c2 = await putAll(saver, c1, 'c2')
    assert.deepEqual(await saver.getDeltaChannelHistory({ config: c2, channels: ['a', 'b'] }), {
      a: { seed: 'a1', writes: [['task', 'a', 2]] },
      b: {
        seed: 'b0',
        writes: [
          ['task', 'b', 1],
          ['task', 'b', 2],
        ],
      },
    })
  })

  test('only ancestors contribute, whatever lies between them', async ({ saver, config }) => {
    const root = await putAll(saver, config(), 'c000', { m: 'seed' })
    await saver.putWrites(root, [['m', 'root']], 'task')
    const branch = await putAll(saver, root, 'c001')
    await saver.putWrites(branch, [['m', 'branch']], 'task')
    const beside = await chain(saver, root, 300, {}, 'c1')
    const tip = await putAll(saver, branch, 'c9')
    const { m } = await saver.getDeltaChannelHistory({ config: tip, channels: ['m'] })
    assert.deepEqual(
      m?.writes.map(([, , value]) => value),
      ['root', 'branch'],
    )
    assert.equal(m?.seed, 'seed')
    const other = await saver.getDeltaChannelHistory({ config: beside, channels: ['m'] })
    assert.deepEqual(
      other['m']?.writes.slice(0, 2).map(([, , value]) => value),
      ['root', 0],
    )
  })

  test('the history of what a listing gives is that of its own ancestors', async ({
    saver,
    another,
    config,
  }) => {
    const root = await putAll(saver, config(), 'c0', { m: 'seed' })
    await saver.putWrites(root, [['m', 'root']], 'task')
    for (const [first, last] of [
      ['c1', 'c3'],
      ['c2', 'c4'],
    ] as const) {
      const branch = await putAll(saver, root, first)
      await saver.putWrites(branch, [['m', first]], 'task')
      await putAll(saver, branch, last)
    }
    const expected = { c4: ['root', 'c2'], c3: ['root', 'c1'], c2: ['root'], c1: ['root'], c0: [] }
    const given: Record<string, unknown> = {}
    const reader = await another()
    for await (const { config: listed, checkpoint } of reader.list(config())) {
      const { m } = await reader.getDeltaChannelHistory({ config: listed, channels: ['m'] })
      given[checkpoint.id] = m?.writes.map(([, , value]) => value)
    }
    assert.deepEqual(given, expected)
  })

  test('what a history gives is made of fresh objects', async ({ saver, config }) => {
    const c0 = await putAll(saver, config(), 'c0', { m: { deep: 'seed' } })
    await saver.putWrites(c0, [['m', { deep: 'write' }]], 'task')
    const asked = { config: await putAll(saver, c0, 'c1'), channels: ['m'] }
    const pristine = structuredClone(await saver.getDeltaChannelHistory(asked))
    const { m } = await saver.getDeltaChannelHistory(asked)
    Object.assign(m?.seed as object, { deep: 'spoilt' })
    Object.assign(m?.writes[0]?.[2] as object, { deep: 'spoilt' })
    m?.writes.splice(0)
    assert.deepEqual(await saver.getDeltaChannelHistory(asked), pristine)
    assert.deepEqual((await mustGet(saver, c0)).pendingWrites, [['task', 'm', { deep: 'write' }]])
  })

  test('without a checkpoint id it speaks of the latest', async ({ saver, config }) => {
    const c0 = await putAll(saver, config(), 'c0', { m: 'seed' })
    await putAll(saver, c0, 'c1')
    const { m } = await saver.getDeltaChannelHistory({ config: config(), channels: ['m'] })
    assert.deepEqual(m, { seed: 'seed', writes: [] })
  })

  test('no channels, no thread, no checkpoint: nothing, and no error', async ({ saver, config }) => {
    assert.deepEqual(await saver.getDeltaChannelHistory({ config: config(), channels: [] }), {})
    assert.deepEqual(await saver.getDeltaChannelHistory({ config: config(), channels: ['m'] }), {
      m: { writes: [] },
    })
    await putAll(saver, await putAll(saver, config(), 'c1', { m: 1 }), 'c2')
    const unknown = await saver.getDeltaChannelHistory({ config: config('c3'), channels: ['m'] })
    assert.deepEqual(unknown, { m: { writes: [] } })
  })
}

/** A chain of checkpoints, each with one write of its number to channel `m`, and seeds where they are given. */
async function chain(
  saver: BaseCheckpointSaver,
  root: RunnableConfig,
  length: number,
  seeds: Readonly<Record<number, unknown>>,
  prefix = 'c',
): Promise<RunnableConfig> {
  let parent = root
  const writes: Promise<void>[] = []
  for (let at = 0; at < length; at++) {
    const values = at in seeds ? { m: seeds[at] } : {}
    parent = await putAll(saver, parent, `${prefix}${String(at).padStart(4, '0')}`, values)
    writes.push(saver.putWrites(parent, [['m', at]], 'task'))
  }
  await Promise.all(writes)
  return parent
}
