import { CairnSaver, type HealedEvent, ThreadConflictError } from '@cairnkit/langgraph'
import { afterAll, describe, expect, test } from 'vitest'
import { threadConfig } from '../src/graphs.js'
import { withCommit } from '../src/with-commit.js'
import { openScene } from './healing/scene.js'
import { at, checkpoint, put, valueOf } from './healing/writer.js'

const scene = await openScene('healing-gone')
const { driver, writer, stored, partition } = scene
afterAll(async () => await scene[Symbol.asyncDispose]())

describe('a thread that is gone', () => {
  for (const [healing, comesBack] of [
    ['off', false],
    ['tail', false],
    ['thread', true],
  ] as const) {
    test(`with healing ${healing}, ${comesBack ? 'is whole again' : 'begins anew'}`, async () => {
      const id = `gone-${healing}`
      const one = writer(healing)
      await put(one, id, 'c1')
      await put(one, id, 'c2', 'c1')
      await one.saver.putWrites(at(id, 'c2'), [['x', valueOf('w')]], 'task')
      await put(one, id, 'n1', undefined, 'child:1')
      const before = await stored(id)
      // Without a trace, as when the server comes back empty.
      await partition(id).drop()
      await put(one, id, 'c3', 'c2')
      const { '/c3': newest, ...rest } = await stored(id)
      expect(newest).toMatchObject({ values: checkpoint('c3').channel_values })
      expect(rest).toEqual(comesBack ? before : {})
      expect(one.healed).toEqual(
        comesBack ? [{ threadId: id, namespace: '', checkpoints: 3, writes: 1, lost: 'thread' }] : [],
      )
      await put(one, id, 'c4', 'c3')
    })
  }

  test('is whole again however often it goes, and however many calls find it gone at once', async () => {
    const one = writer('thread')
    const written: string[] = []
    let tip: string | undefined
    for (let round = 0; round < 4; round++) {
      if (round > 0) await partition('again').drop()
      for (let step = 0; step < 3; step++) {
        const [parent, id] = [tip, `c${round}${step}`]
        const writes = ['a', 'b', 'c'].map(async (task) => {
          if (parent === undefined) return
          await one.saver.putWrites(at('again', parent), [['x', valueOf(`${parent} ${task}`)]], task)
          written.push(`${parent} ${task}`)
        })
        await Promise.all([...writes, put(one, 'again', id, parent)])
        tip = id
      }
    }
    const found = await stored('again')
    expect(Object.keys(found).sort()).toEqual(
      [0, 1, 2, 3].flatMap((round) => [0, 1, 2].map((step) => `/c${round}${step}`)),
    )
    const held = Object.entries(found).flatMap(([name, tuple]) =>
      (tuple as { writes: [string, string, unknown][] }).writes.map(([task]) => `${name.slice(1)} ${task}`),
    )
    expect(held.sort()).toEqual(written.sort())
  })

  test('is not resurrected after it was deleted, by this process or another', async () => {
    for (const deleter of ['same', 'other'] as const) {
      const id = `deleted-${deleter}`
      const one = writer('thread')
      await put(one, id, 'c1')
      await put(one, id, 'c2', 'c1')
      await (deleter === 'same' ? one : writer('thread')).saver.deleteThread(id)
      await put(one, id, 'c3', 'c2')
      expect(Object.keys(await stored(id))).toEqual(['/c3'])
      expect(one.healed).toEqual([])
    }
  })

  test('is not resurrected when it is deleted while puts are on their way', async () => {
    const one = writer('thread')
    await put(one, 'race', 'c1')
    await put(one, 'race', 'c2', 'c1')
    const onTheWay = put(one, 'race', 'c3', 'c2')
    const deleting = writer('thread').saver.deleteThread('race')
    await Promise.all([onTheWay, deleting])
    await put(one, 'race', 'c4', 'c3')
    const left = Object.keys(await stored('race'))
    expect(left).not.toContain('/c1')
    expect(left).not.toContain('/c2')
    expect(one.healed).toEqual([])
  })

  test('is not mixed with one that another process has begun under its name', async () => {
    for (const healing of ['tail', 'thread'] as const) {
      const id = `anew-${healing}`
      const one = writer(healing)
      await put(one, id, 'c1')
      await put(one, id, 'c2', 'c1')
      await partition(id).drop()
      await put(writer(), id, 'b1')
      await put(one, id, 'c3', 'c2')
      expect(Object.keys(await stored(id)).sort()).toEqual(['/b1', '/c3'])
      expect(one.healed).toEqual([])
    }
  })

  test('is not mixed with one that another process begins while this one is about to store it again', async () => {
    for (const onConflict of [undefined, 'reject'] as const) {
      const id = `begun-${onConflict ?? 'allow'}`
      let meanwhile: (() => Promise<unknown>) | undefined
      const interrupted = withCommit(driver, async (...args) => {
        const result = await driver.commit(...args)
        const act = result.ok ? undefined : meanwhile
        if (act !== undefined) meanwhile = undefined
        await act?.()
        return result
      })
      const healed: HealedEvent[] = []
      const saver = new CairnSaver(interrupted, {
        healing: 'thread',
        observer: { onHealed: (event) => void healed.push(event) },
        ...(onConflict === undefined ? {} : { onConflict }),
      })
      await put({ saver, healed }, id, 'c1')
      await partition(id).drop()
      meanwhile = async () => await put(writer('thread'), id, 'b1')
      const outcome = await put({ saver, healed }, id, 'c2', 'c1').then(
        () => 'stored',
        (cause: unknown) => (ThreadConflictError.isInstance(cause) ? 'refused' : cause),
      )
      expect(outcome).toBe(onConflict === undefined ? 'stored' : 'refused')
      expect(Object.keys(await stored(id)).sort()).toEqual(
        onConflict === undefined ? ['/b1', '/c2'] : ['/b1'],
      )
      expect(healed).toEqual([])
    }
  })

  test('is whole again under a claim on the head, and under a lease', async () => {
    const one = writer('thread', { onConflict: 'reject' })
    await put(one, 'claimed', 'c1')
    await one.saver.withThread('claimed', async () => {
      await put(one, 'claimed', 'c2', 'c1')
      await partition('claimed').drop()
      await put(one, 'claimed', 'c3', 'c2')
    })
    expect(Object.keys(await stored('claimed')).sort()).toEqual(['/c1', '/c2', '/c3'])
  })

  test('leaves no trace of a deletion by default, and one for an hour with healing thread', async () => {
    for (const [healing, dropped] of [
      ['tail', false],
      ['thread', true],
    ] as const) {
      const id = `trace-${healing}`
      await put(writer(healing), id, 'c1')
      await writer(healing).saver.deleteThread(id)
      const [info] = await partition(id).read([{ type: 'info' }])
      expect(info).toMatchObject({ epoch: null, dropped })
      expect(await new CairnSaver(driver).getTuple(threadConfig(id))).toBeUndefined()
    }
  })
})
