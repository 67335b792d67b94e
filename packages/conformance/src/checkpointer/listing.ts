import assert from 'node:assert/strict'
import { hostileInputs } from '../hostile-inputs.js'
import {
  type CheckpointerSuite,
  collect,
  configOf,
  idsOf,
  metadata,
  mustGet,
  putAll,
  uniqueId,
} from './scene.js'

const NAMESPACE_SIZE = 8

/** FIELD rule 12: which checkpoints a listing holds, in which order. */
export function listing({ test }: CheckpointerSuite): void {
  test('newest first by id, without a hidden limit', async ({ saver, config }) => {
    const ids = Array.from({ length: 150 }, (_, at) => `c${String(at).padStart(3, '0')}`)
    await Promise.all(ids.map(async (id) => await putAll(saver, config(), id)))
    assert.deepEqual(await idsOf(saver.list(config())), ids.toReversed())
  })

  test('over all namespaces of a thread, merged by id', async ({ saver, config, threadId }) => {
    const namespaces = ['', 'child', 'child:1|grand:2']
    const ids: string[] = []
    for (let at = 0; at < 30; at++) {
      const id = `c${String(at).padStart(2, '0')}`
      ids.push(id)
      await putAll(saver, config(undefined, namespaces[at % 3]), id)
    }
    const all = { configurable: { thread_id: threadId } }
    assert.deepEqual(await idsOf(saver.list(all)), ids.toReversed())
    assert.deepEqual(await idsOf(saver.list(all, { limit: 7 })), ids.toReversed().slice(0, 7))
    assert.deepEqual(
      await idsOf(saver.list(config(undefined, 'child'))),
      ids.filter((_, at) => at % 3 === 1).toReversed(),
    )
  })

  test('over all threads, merged by id', async ({ saver }) => {
    const [left, right] = [uniqueId('left'), uniqueId('right')]
    const marker = uniqueId('marker')
    const meta = { ...metadata, marker }
    for (let at = 0; at < 10; at++) {
      await putAll(saver, configOf(at % 2 === 0 ? left : right), `${marker}-${at}`, {}, meta)
    }
    const tuples = await collect(saver.list({}, { filter: { marker } }))
    assert.deepEqual(
      tuples.map((tuple) => tuple.checkpoint.id),
      Array.from({ length: 10 }, (_, at) => `${marker}-${9 - at}`),
    )
    assert.deepEqual(
      new Set(tuples.map((tuple) => tuple.config.configurable?.['thread_id'])),
      new Set([left, right]),
    )
    assert.equal((await idsOf(saver.list({}, { filter: { marker }, limit: 3 }))).length, 3)
    await Promise.all([saver.deleteThread(left), saver.deleteThread(right)])
  })

  test('over all threads, one namespace of each', async ({ saver }) => {
    const [left, right] = [uniqueId('left'), uniqueId('right')]
    const marker = uniqueId('marker')
    for (const [at, threadId] of [left, right].entries()) {
      for (const namespace of ['', 'child']) {
        const id = `${marker}-${at}-${namespace}`
        await putAll(saver, configOf(threadId, undefined, namespace), id, {}, {
          ...metadata,
          marker,
        } as never)
      }
    }
    const children = { configurable: { checkpoint_ns: 'child' } }
    assert.deepEqual(await idsOf(saver.list(children, { filter: { marker } })), [
      `${marker}-1-child`,
      `${marker}-0-child`,
    ])
    await Promise.all([saver.deleteThread(left), saver.deleteThread(right)])
  })

  test('a limit of 0 gives nothing', async ({ saver, config }) => {
    await putAll(saver, config(), 'c1')
    assert.deepEqual(await idsOf(saver.list(config(), { limit: 0 })), [])
  })

  test('the filter comes before the limit', async ({ saver, config }) => {
    for (let step = 0; step < 100; step++) {
      const source = step % 10 === 0 ? 'input' : 'loop'
      await putAll(saver, config(), `c${String(step).padStart(2, '0')}`, {}, { ...metadata, source, step })
    }
    assert.deepEqual(await idsOf(saver.list(config(), { filter: { source: 'input' }, limit: 3 })), [
      'c90',
      'c80',
      'c70',
    ])
  })

  test('the filter compares values of every JSON type', async ({ saver, config }) => {
    const values = {
      text: 'x',
      zero: 0,
      no: false,
      nothing: null,
      list: [1, { a: [2] }],
      object: { b: { c: null }, a: 1 },
    }
    await putAll(saver, config(), 'c1', {}, { ...metadata, ...values })
    await putAll(saver, config(), 'c2')
    for (const [key, value] of Object.entries(values)) {
      assert.deepEqual(
        await idsOf(saver.list(config(), { filter: { [key]: structuredClone(value) } })),
        ['c1'],
        key,
      )
    }
    assert.deepEqual(
      await idsOf(saver.list(config(), { filter: { object: { a: 1, b: { c: null, d: undefined } } } })),
      ['c1'],
    )
    for (const filter of [
      { zero: false },
      { zero: '0' },
      { no: null },
      { nothing: 0 },
      { list: [1] },
      { object: { a: 1 } },
      { text: 'X' },
    ]) {
      assert.deepEqual(await idsOf(saver.list(config(), { filter })), [], JSON.stringify(filter))
    }
    assert.deepEqual(
      await idsOf(saver.list(config(), { filter: { toString: undefined, zero: undefined } })),
      ['c2', 'c1'],
    )
    assert.deepEqual(await idsOf(saver.list(config(), { filter: { constructor: Object } })), [])
  })

  test('every key of the filter counts', async ({ saver, config }) => {
    for (const [at, source] of (['input', 'loop', 'loop'] as const).entries())
      await putAll(saver, config(), `c${at}`, {}, { ...metadata, source, step: at })
    for (const filter of [
      { source: 'loop', step: 1 },
      { step: 1, source: 'loop' },
    ])
      assert.deepEqual(await idsOf(saver.list(config(), { filter })), ['c1'])
    assert.deepEqual(await idsOf(saver.list(config(), { filter: { source: 'input', step: 1 } })), [])
  })

  test('the filter takes every text as it is', async ({ saver, config }) => {
    // In small namespaces, each with a text that many patterns would match, so that not every listing looks at all.
    const texts = Object.values(hostileInputs)
    for (let at = 0; at < texts.length; at += NAMESPACE_SIZE) {
      const some = [...new Set([...texts.slice(at, at + NAMESPACE_SIZE), 'a'])]
      const place = config(undefined, String(at))
      await Promise.all(
        some.map((text, index) => putAll(saver, place, `c${index}`, {}, { ...metadata, text } as never)),
      )
      const found = await Promise.all(some.map((text) => idsOf(saver.list(place, { filter: { text } }))))
      for (const [index, text] of some.entries()) assert.deepEqual(found[index], [`c${index}`], text)
    }
  })

  test('before compares by value, stored or not', async ({ saver, config }) => {
    for (const id of ['c1', 'c2', 'c3']) await putAll(saver, config(), id)
    assert.deepEqual(await idsOf(saver.list(config(), { before: config('c2') })), ['c1'])
    assert.deepEqual(await idsOf(saver.list(config(), { before: config('c25') })), ['c2', 'c1'])
    assert.deepEqual(await idsOf(saver.list(config(), { before: config('b') })), [])
    assert.deepEqual(await idsOf(saver.list(config(), { before: config() })), ['c3', 'c2', 'c1'])
  })

  test('the checkpoint id of the config is honoured', async ({ saver, config }) => {
    for (const id of ['c1', 'c2', 'c22']) await putAll(saver, config(), id)
    assert.deepEqual(await idsOf(saver.list(config('c2'))), ['c2'])
    assert.deepEqual(await idsOf(saver.list(config('c2'), { before: config('c2') })), [])
    assert.deepEqual(await idsOf(saver.list(config('c2'), { before: config('c3') })), ['c2'])
    assert.deepEqual(await idsOf(saver.list(config('none'))), [])
  })

  test('a listing tolerates puts meanwhile', async ({ saver, config }) => {
    const ids = Array.from({ length: 100 }, (_, at) => `c${String(at).padStart(3, '0')}`)
    await Promise.all(ids.map(async (id) => await putAll(saver, config(), id)))
    const seen: string[] = []
    for await (const tuple of saver.list(config())) {
      seen.push(tuple.checkpoint.id)
      if (seen.length % 10 === 0) await putAll(saver, config(), `d${seen.length}`)
    }
    assert.deepEqual(seen, ids.toReversed())
  })

  test('a listing that is left early hinders nothing', async ({ saver, config, threadId }) => {
    for (const id of ['c1', 'c2']) await putAll(saver, config(), id)
    for await (const tuple of saver.list(config())) {
      assert.equal(tuple.checkpoint.id, 'c2')
      break
    }
    await putAll(saver, config(), 'c3')
    assert.equal((await mustGet(saver, config())).checkpoint.id, 'c3')
    assert.deepEqual(await idsOf(saver.list(config())), ['c3', 'c2', 'c1'])
    await saver.deleteThread(threadId)
  })

  test('a listed tuple is what getTuple gives', async ({ saver, config }) => {
    const c1 = await putAll(saver, config(), 'c1', { x: new Map([['k', new Set([1])]]) })
    const c2 = await putAll(saver, c1, 'c2', { x: new Date(0) })
    await saver.putWrites(c2, [['x', { n: new Set([2]) }]], 'task', '~1')
    for (const tuple of await collect(saver.list(config())))
      assert.deepEqual(tuple, await saver.getTuple(tuple.config))
  })

  test('an unknown thread lists nothing', async ({ saver, config, threadId }) => {
    await putAll(saver, config(), 'c1')
    assert.deepEqual(await idsOf(saver.list(configOf(`${threadId}x`))), [])
    assert.deepEqual(await idsOf(saver.list({ configurable: { thread_id: `${threadId}x` } })), [])
  })
}
