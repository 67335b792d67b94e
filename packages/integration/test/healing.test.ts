import { CairnSaver, type HealedEvent } from '@cairnkit/langgraph'
import { Keyspace } from '@cairnkit/core'
import type { RunnableConfig } from '@langchain/core/runnables'
import { type Checkpoint, emptyCheckpoint } from '@langchain/langgraph-checkpoint'
import { type TestContext, afterAll, describe, expect, test } from 'vitest'
import { openCell } from '../src/cell-under-test.js'
import { failingCommits } from '../src/failing-commits.js'
import { chatGraph, human, textsOf, threadConfig } from '../src/graphs.js'
import { ThreadPast } from '../src/thread-past.js'

const cell = await openCell('healing')
const driver = cell.driver()
afterAll(async () => await cell[Symbol.asyncDispose]())

const metadata = { source: 'loop' as const, step: 0, parents: {} }
const NO_PAST = 'this storage has no other copy that could come back'

type Healing = 'off' | 'tail' | 'thread'

interface Writer {
  readonly saver: CairnSaver
  readonly healed: HealedEvent[]
}

function writer(healing?: Healing, options: { onConflict?: 'reject' } = {}): Writer {
  const healed: HealedEvent[] = []
  const observer = { onHealed: (event: HealedEvent) => void healed.push(event) }
  return {
    healed,
    saver: new CairnSaver(driver, { observer, ...options, ...(healing === undefined ? {} : { healing }) }),
  }
}

/** Long enough to be an object of its own, and with a part that the whole thread shares. */
function valueOf(id: string): unknown {
  return { text: `${id} `.repeat(100), shared: 'the same '.repeat(50) }
}

function checkpoint(id: string): Checkpoint {
  const values = { own: valueOf(id), kept: ['kept '.repeat(60)] }
  return { ...emptyCheckpoint(), id, channel_values: values, channel_versions: { own: id, kept: 1 } as never }
}

async function put(
  { saver }: Writer,
  threadId: string,
  id: string,
  parentId?: string,
  namespace = '',
): Promise<RunnableConfig> {
  const config = at(threadId, parentId, namespace)
  return await saver.put(config, checkpoint(id), metadata, {
    own: id,
    ...(parentId === undefined && { kept: 1 }),
  } as never)
}

function at(threadId: string, id: string | undefined, namespace = ''): RunnableConfig {
  return {
    configurable: {
      thread_id: threadId,
      checkpoint_ns: namespace,
      ...(id === undefined ? {} : { checkpoint_id: id }),
    },
  }
}

/** Everything that is there, as somebody sees it who remembers nothing. */
async function stored(threadId: string): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {}
  for await (const tuple of new CairnSaver(driver).list({ configurable: { thread_id: threadId } })) {
    const { checkpoint_ns: namespace, checkpoint_id: id } = tuple.config.configurable ?? {}
    found[`${String(namespace)}/${String(id)}`] = {
      values: tuple.checkpoint.channel_values,
      parent: tuple.parentConfig?.configurable?.['checkpoint_id'] as unknown,
      writes: tuple.pendingWrites,
    }
  }
  return found
}

function pastOf(context: TestContext, threadId: string): ThreadPast {
  if (cell.lab === undefined) context.skip(NO_PAST)
  const { id } = new Keyspace(driver, ['thread']).partition(threadId)
  return new ThreadPast(cell.lab as NonNullable<typeof cell.lab>, `${cell.keyPrefix}:{${id}}`)
}

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

  test('by any history and any cut, has every acknowledged checkpoint again', async (context) => {
    pastOf(context, 'any')
    const seed = Number(process.env['CAIRN_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
    const random = randomOf(seed)
    for (let round = 0; round < 12; round++) {
      const threadId = `any-${round}`
      const past = pastOf(context, threadId)
      const one = writer('tail', random() < 0.5 ? { onConflict: 'reject' } : {})
      const tips = new Map<string, string | undefined>()
      let expected: Record<string, unknown> = {}
      let step = 0
      const keptAt = 1 + Math.floor(random() * 10)
      const cutAt = keptAt + Math.floor(random() * 10)
      for (let act = 0; act < 24; act++) {
        const namespace = random() < 0.7 ? '' : 'child:1'
        const tip = tips.get(namespace)
        if (tip !== undefined && random() < 0.4) {
          const writes: [string, unknown][] = [['x', random() < 0.5 ? act : valueOf(String(act))]]
          await one.saver.putWrites(at(threadId, tip, namespace), writes, `task-${act}`)
        } else {
          const id = `c${String(step++).padStart(3, '0')}`
          await put(one, threadId, id, tip, namespace)
          tips.set(namespace, id)
        }
        if (act === keptAt) await past.keep()
        if (act !== cutAt) continue
        expected = await stored(threadId)
        await past.bringBack()
      }
      const message = `CAIRN_SEED=${seed}, round ${round}`
      const now = await stored(threadId)
      for (const [name, tuple] of Object.entries(expected)) {
        const { values, parent, writes } = tuple as Record<string, unknown>
        expect(now[name], `${message}, ${name}`).toMatchObject({ values, parent })
        const held = (now[name] as { writes: unknown[] }).writes
        expect(held, `${message}, ${name}`).toEqual(expect.arrayContaining(writes as unknown[]))
      }
      expect(Object.keys(now).length, message).toBe(step)
    }
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
      await new Keyspace(driver, ['thread']).partition(id).drop()
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
      if (round > 0) await new Keyspace(driver, ['thread']).partition('again').drop()
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
      await new Keyspace(driver, ['thread']).partition(id).drop()
      await put(writer(), id, 'b1')
      await put(one, id, 'c3', 'c2')
      expect(Object.keys(await stored(id)).sort()).toEqual(['/b1', '/c3'])
      expect(one.healed).toEqual([])
    }
  })

  test('is whole again under a claim on the head, and under a lease', async () => {
    const one = writer('thread', { onConflict: 'reject' })
    await put(one, 'claimed', 'c1')
    await one.saver.withThread('claimed', async () => {
      await put(one, 'claimed', 'c2', 'c1')
      await new Keyspace(driver, ['thread']).partition('claimed').drop()
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
      const [info] = await new Keyspace(driver, ['thread']).partition(id).read([{ type: 'info' }])
      expect(info).toMatchObject({ epoch: null, dropped })
      expect(await new CairnSaver(driver).getTuple(threadConfig(id))).toBeUndefined()
    }
  })
})

/** A small generator of numbers in [0, 1) that a seed repeats. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
