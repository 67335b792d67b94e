import { setImmediate } from 'node:timers/promises'
import { CairnSaver, ParentGoneError } from '@cairnkit/langgraph'
import { AIMessage } from '@langchain/core/messages'
import type { RunnableConfig } from '@langchain/core/runnables'
import {
  Annotation,
  DeltaChannel,
  MemorySaver,
  START,
  StateGraph,
  messagesDeltaReducer,
} from '@langchain/langgraph'
import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint'
import { afterAll, describe, expect, test } from 'vitest'
import { chatGraph, human, nestedGraph, textsOf, threadConfig } from '../src/graphs.js'
import { watched } from '../src/trip-counter.js'
import { withCommit } from '../src/with-commit.js'
import { openScene } from './healing/scene.js'
import { at, put } from './healing/writer.js'

const scene = await openScene('retention')
const { driver, partition, pastOf, stored, writer } = scene
afterAll(async () => await scene[Symbol.asyncDispose]())

function deltaGraph(saver: BaseCheckpointSaver) {
  const State = Annotation.Root({ messages: new DeltaChannel(messagesDeltaReducer) as never })
  return new StateGraph(State)
    .addNode('answer', (state) => {
      const { messages } = state as unknown as { readonly messages: readonly unknown[] }
      return { messages: [new AIMessage(`answer ${messages.length}`)] } as never
    })
    .addEdge(START, 'answer')
    .compile({ checkpointer: saver })
}

async function configsOf(saver: BaseCheckpointSaver, threadId: string): Promise<RunnableConfig[]> {
  const configs: RunnableConfig[] = []
  for await (const { config } of saver.list(at(threadId, undefined))) configs.push(config)
  return configs
}

/** Fails if the thread holds an object that no record reaches. */
async function expectNoWaste(threadId: string): Promise<void> {
  const result = await partition(threadId).commit({ mutations: [{ type: 'sweep' }] })
  expect(result.ok && result.removed).toEqual([])
}

describe('the values of a delta channel', () => {
  test('are not stored by halves: a checkpoint on one that was removed is refused', async () => {
    const graph = deltaGraph(new CairnSaver(driver))
    const config = threadConfig('delta-fork')
    for (let turn = 0; turn < 2; turn++) await graph.invoke(human(`question ${turn}`) as never, config)
    const saver = new CairnSaver(driver)
    const head = await saver.getTuple(config)
    const [fork] = (await configsOf(saver, 'delta-fork')).slice(1)
    if (head === undefined || fork === undefined) throw new Error('The graph has stored too little')
    const key = ['c', '', String(fork.configurable?.['checkpoint_id'])]
    await partition('delta-fork').commit({ mutations: [{ type: 'delete', key }] })
    const before = await stored('delta-fork')
    const { metadata, checkpoint } = head
    if (metadata === undefined) throw new Error('The checkpoint has no metadata')
    for (const each of [saver, new CairnSaver(driver), new CairnSaver(driver, { healing: 'off' })]) {
      const refused = each.put(fork, { ...checkpoint, id: `${checkpoint.id}f` }, metadata, {})
      await expect(refused).rejects.toSatisfy(ParentGoneError.isInstance)
    }
    expect(await stored('delta-fork')).toEqual(before)
  })

  test('are whole with retention, in the background and by another process', async () => {
    const config = threadConfig('delta')
    const saver = new CairnSaver(driver, { retention: { keepLast: 1 } })
    for (let turn = 0; turn < 20; turn++) {
      await deltaGraph(saver).invoke(human(`question ${turn}`) as never, config)
      if (turn % 5 === 4) await new CairnSaver(driver).prune(['delta'])
    }
    const { values } = await deltaGraph(new CairnSaver(driver)).getState(config)
    expect((values as { readonly messages: unknown[] }).messages).toHaveLength(40)
    for (const listed of await configsOf(saver, 'delta')) {
      const state = await deltaGraph(new CairnSaver(driver)).getState(listed)
      const { step = 0 } = state.metadata ?? {}
      const { messages } = state.values as { readonly messages: unknown[] }
      // Three steps a turn, of which two add a message.
      expect(messages.length).toBe(Math.floor(((step + 1) * 2 + 2) / 3))
    }
  })
})

describe('retention', () => {
  test('costs a tenth of the commands at the most, and no put sends again what the thread has', async () => {
    const count = async (
      threadId: string,
      retention?: { readonly keepLast: number },
    ): Promise<[number, number]> => {
      let [calls, bytes] = [0, 0]
      const counted = watched(
        withCommit(driver, async (id, batch, options) => {
          for (const mutation of batch.mutations ?? [])
            if (mutation.type === 'object') bytes += mutation.bytes.length
          return await driver.commit(id, batch, options)
        }),
        () => calls++,
      )
      const saver = new CairnSaver(counted, retention === undefined ? {} : { retention })
      for (let turn = 0; turn < 60; turn++) {
        await chatGraph(saver).invoke(
          human(`question ${turn} ${'long '.repeat(100)}`),
          threadConfig(threadId),
        )
        await setImmediate()
      }
      return [calls, bytes]
    }
    const [calls, bytes] = await count('all')
    const [callsOfKept, bytesOfKept] = await count('kept', { keepLast: 4 })
    expect(callsOfKept).toBeLessThanOrEqual(calls * 1.1)
    // How a list is cut into packs depends on the ids of its messages.
    expect(bytesOfKept).toBeLessThanOrEqual(bytes * 1.3)
    const texts = async (threadId: string): Promise<string[]> => {
      const { values } = await chatGraph(new CairnSaver(driver)).getState(threadConfig(threadId))
      return textsOf(values.messages)
    }
    expect(await texts('kept')).toEqual(await texts('all'))
    expect(Object.keys(await stored('kept')).length).toBeLessThanOrEqual(4 + 18 + 4)
  })

  test('prunes also where each process lives for one turn', async () => {
    for (let turn = 0; turn < 40; turn++) {
      const saver = new CairnSaver(driver, { retention: { keepLast: 2 } })
      await chatGraph(saver).invoke(human(`question ${turn}`), threadConfig('short-lived'))
      await setImmediate()
    }
    const saver = new CairnSaver(driver)
    await expect.poll(async () => (await configsOf(saver, 'short-lived')).length).toBeLessThan(40)
  })

  test('bounds what a graph with a subgraph stores', async () => {
    const saver = new CairnSaver(driver, { retention: { keepLast: 1 } })
    const config = threadConfig('nested')
    for (let turn = 0; turn < 40; turn++) {
      await nestedGraph(saver).invoke({ draft: `draft ${turn}` }, config)
      await setImmediate()
    }
    await saver.prune(['nested'])
    const [{ names }] = await partition('nested').read([{ type: 'names', prefix: ['c'] }])
    expect(names.length).toBeLessThanOrEqual(2)
    await expectNoWaste('nested')
  })

  test('loses nothing while several processes write, fork and prune one thread', async () => {
    const errors: unknown[] = []
    const observer = {
      onBackgroundFailure: ({ error }: { readonly error: unknown }) => void errors.push(error),
    }
    const savers = [1, 2, 3].map(() => new CairnSaver(driver, { retention: { keepLast: 20 }, observer }))
    const config = threadConfig('many')
    let isOver = false
    const pruning = (async () => {
      while (!isOver) {
        await new CairnSaver(driver).prune(['many'], { keepLast: 20 })
        await setImmediate()
      }
    })()
    try {
      for (let round = 0; round < 20; round++)
        for (const [writerAt, saver] of savers.entries())
          await chatGraph(saver).invoke(human(`question ${round}-${writerAt}`), config)
    } finally {
      isOver = true
      await pruning
    }
    expect(errors).toEqual([])
    const { values } = await chatGraph(new CairnSaver(driver)).getState(config)
    expect(values.messages).toHaveLength(120)
    const history = await configsOf(new CairnSaver(driver), 'many')
    expect(history.length).toBeGreaterThanOrEqual(20)
    await new CairnSaver(driver).prune(['many'], { keepLast: 20 })
    await expectNoWaste('many')
    // What is kept can be read as a whole.
    for (const each of await configsOf(new CairnSaver(driver), 'many'))
      expect(await new CairnSaver(driver).getTuple(each)).toBeDefined()
  })

  test('tells the same story as a saver that removes nothing', async () => {
    const [model, saver] = [new MemorySaver(), new CairnSaver(driver, { retention: { keepLast: 1 } })]
    for (let turn = 0; turn < 12; turn++) {
      for (const each of [model, saver])
        await chatGraph(each).invoke(human(`question ${turn}`), threadConfig('story'))
      const [expected, actual] = await Promise.all(
        [model, saver].map(async (each) => await chatGraph(each).getState(threadConfig('story'))),
      )
      expect(textsOf(actual?.values.messages ?? [])).toEqual(textsOf(expected?.values.messages ?? []))
      expect(actual?.next).toEqual(expected?.next)
    }
  })
})

describe('healing', () => {
  test('stores again what was acknowledged after a removal that the storage has lost as well', async (context) => {
    const past = pastOf(context, 'lost-removal')
    const one = writer()
    await put(one, 'lost-removal', 'c1')
    await put(one, 'lost-removal', 'c2', 'c1')
    await past.keep()
    await one.saver.prune(['lost-removal'])
    await put(one, 'lost-removal', 'c3', 'c2')
    const before = await stored('lost-removal')
    await past.bringBack()
    await put(one, 'lost-removal', 'c4', 'c3')
    const after = await stored('lost-removal')
    expect(after).toMatchObject(before)
    expect(Object.keys(after)).toEqual(expect.arrayContaining(['/c2', '/c3', '/c4']))
    expect(one.healed).toMatchObject([{ lost: 'tail', checkpoints: 1 }])
  })

  test('does not bring back what another process has removed', async () => {
    const one = writer()
    for (const [id, parent] of [['c1'], ['c2', 'c1'], ['c3', 'c2']] as const)
      await put(one, 'foreign-removal', id, parent)
    const other = new CairnSaver(driver)
    await other.prune(['foreign-removal'])
    await one.saver.putWrites(at('foreign-removal', 'c3'), [['x', 1]], 'task')
    await put(one, 'foreign-removal', 'c4', 'c3')
    expect(Object.keys(await stored('foreign-removal'))).toEqual(['/c4', '/c3'])
    expect(one.healed).toEqual([])
  })
})

test('an object that was removed is sent again, also if another namespace had it at its top', async () => {
  const { saver } = writer()
  const text = 'shared '.repeat(200)
  const child = 'child:00000000-0000-4000-8000-000000000001'
  const meta = { source: 'loop' as const, step: 0, parents: { '': 'r1' } }
  const store = async (id: string, parentId: string | undefined, namespace: string, values: object) =>
    await saver.put(
      {
        configurable: {
          thread_id: 'shared',
          checkpoint_ns: namespace,
          ...(parentId === undefined ? {} : { checkpoint_id: parentId }),
        },
      },
      {
        ...{ v: 4, id, ts: '2026-01-01T00:00:00.000Z', versions_seen: {} },
        channel_values: { ...values },
        channel_versions: Object.fromEntries(Object.keys(values).map((channel) => [channel, id])) as never,
      },
      meta,
      Object.fromEntries(Object.keys(values).map((channel) => [channel, id])) as never,
    )
  const message = new AIMessage({ id: 'm', content: text })
  await store('r1', undefined, '', { x: 1 })
  await store('n1', undefined, child, { messages: [message] })
  await store('r2', 'r1', '', { x: 2 })
  await saver.prune(['shared'])
  await store('r3', 'r2', '', { messages: [new AIMessage({ id: 'n', content: 'first' }), message] })
  const tuple = await new CairnSaver(driver).getTuple(threadConfig('shared'))
  expect(textsOf(tuple?.checkpoint.channel_values['messages'] as never)).toEqual(['first', text])
})
