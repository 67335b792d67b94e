import { setImmediate } from 'node:timers/promises'
import { Keyspace, type Partition, type StorageDriver } from '@cairnkit/core'
import { CairnSaver, type CairnSaverOptions, type PrunedEvent, ThreadExistsError } from '@cairnkit/langgraph'
import { waitFor } from '@cairnkit/redis-lab'
import { AIMessage } from '@langchain/core/messages'
import type { RunnableConfig } from '@langchain/core/runnables'
import {
  Annotation,
  Command,
  DeltaChannel,
  MessagesAnnotation,
  START,
  StateGraph,
  messagesDeltaReducer,
} from '@langchain/langgraph'
import { afterAll, describe, expect, test } from 'vitest'
import { openCell } from '../src/cell-under-test.js'
import {
  chatGraph,
  fanOutGraph,
  human,
  nestedGraph,
  rememberingGraph,
  reviewGraph,
  textsOf,
  threadConfig,
} from '../src/graphs.js'
import { withCommit } from '../src/with-commit.js'

const cell = await openCell('pruning')
afterAll(async () => await cell[Symbol.asyncDispose]())
const driver = cell.driver()

function partition(threadId: string): Partition {
  return new Keyspace(driver, ['thread']).partition(threadId)
}

/** A saver that has seen nothing, as in another process. */
function fresh(options: CairnSaverOptions = {}): CairnSaver {
  return new CairnSaver(cell.driver(), options)
}

async function idsOf(threadId: string, namespace?: string): Promise<string[]> {
  const config: RunnableConfig = {
    configurable: { thread_id: threadId, ...(namespace === undefined ? {} : { checkpoint_ns: namespace }) },
  }
  const ids: string[] = []
  for await (const tuple of fresh().list(config)) ids.push(tuple.checkpoint.id)
  return ids
}

async function namespacesOf(threadId: string): Promise<readonly string[]> {
  const [{ names }] = await partition(threadId).read([{ type: 'names', prefix: ['c'] }])
  return names
}

/** Fails if the thread holds an object that no record reaches. */
async function expectNoWaste(threadId: string): Promise<void> {
  const result = await partition(threadId).commit({ mutations: [{ type: 'sweep' }] })
  expect(result.ok && result.removed).toEqual([])
}

function deltaGraph(saver: CairnSaver, snapshotFrequency = 100) {
  const State = Annotation.Root({
    messages: new DeltaChannel(messagesDeltaReducer, { snapshotFrequency }) as never,
  })
  return new StateGraph(State)
    .addNode('answer', (state) => {
      const { messages } = state as unknown as { readonly messages: readonly unknown[] }
      return { messages: [new AIMessage(`answer ${messages.length}`)] } as never
    })
    .addEdge(START, 'answer')
    .compile({ checkpointer: saver })
}

describe('prune', () => {
  test('leaves the head, on which the chat goes on, and nothing that is of no use', async () => {
    const saver = new CairnSaver(driver)
    const config = threadConfig('chat')
    for (let turn = 0; turn < 8; turn++) await chatGraph(saver).invoke(human(`question ${turn}`), config)
    const before = await fresh().getTuple(config)
    const report = await saver.prune(['chat'])
    expect(report).toMatchObject({ threads: 1, checkpoints: 23 })
    expect(report.objects).toBeGreaterThan(0)
    expect(report.bytes).toBeGreaterThan(0)
    expect(await fresh().getTuple(config)).toEqual(before)
    expect(await idsOf('chat')).toHaveLength(1)
    await expectNoWaste('chat')
    const { messages } = await chatGraph(saver).invoke(human('one more'), config)
    expect(messages).toHaveLength(18)
    const again = await chatGraph(fresh()).invoke(human('and one'), config)
    expect(again.messages).toHaveLength(20)
  })

  test('says with dryRun what it would do, and then does it', async () => {
    const saver = new CairnSaver(driver)
    for (let turn = 0; turn < 4; turn++)
      await chatGraph(saver).invoke(human(`question ${turn}`), threadConfig('dry'))
    const count = (await idsOf('dry')).length
    const planned = await saver.prune(['dry'], { keepLast: 2, dryRun: true })
    expect(await idsOf('dry')).toHaveLength(count)
    expect(await saver.prune(['dry'], { keepLast: 2 })).toEqual(planned)
    expect(await saver.prune(['dry'], { keepLast: 2 })).toMatchObject({ threads: 0, checkpoints: 0 })
    expect(await idsOf('dry')).toHaveLength(2)
  })

  test('keeps what is young, by the time of the storage', async () => {
    const saver = new CairnSaver(driver)
    await chatGraph(saver).invoke(human('hi'), threadConfig('young'))
    const count = (await idsOf('young')).length
    await saver.prune(['young'], { olderThanMs: 3_600_000 })
    expect(await idsOf('young')).toHaveLength(count)
    await waitFor('a moment has passed', async () => {
      await saver.prune(['young'], { olderThanMs: 1 })
      return (await idsOf('young')).length === 1 ? true : undefined
    })
  })

  test('bounds the namespaces of a subgraph', async () => {
    const saver = new CairnSaver(driver)
    const inner = new StateGraph(MessagesAnnotation)
      .addNode('answer', ({ messages }) => ({ messages: [new AIMessage(`inner ${messages.length}`)] }))
      .addEdge(START, 'answer')
      .compile()
    const graph = new StateGraph(MessagesAnnotation)
      .addNode('child', inner)
      .addEdge(START, 'child')
      .compile({ checkpointer: saver })
    for (let turn = 0; turn < 5; turn++) {
      await graph.invoke(human(`question ${turn}`), threadConfig('namespaces'))
      await saver.prune(['namespaces'])
      expect(await namespacesOf('namespaces')).toEqual([''])
    }
    const { messages } = (await graph.getState(threadConfig('namespaces'))).values as { messages: unknown[] }
    expect(messages).toHaveLength(10)
    await expectNoWaste('namespaces')
  })

  test('keeps what an interrupt waits for, in the graph and in a subgraph', async () => {
    interface Graph {
      invoke(input: unknown, config: RunnableConfig): Promise<unknown>
    }
    const graphs: Record<string, (saver: CairnSaver) => Graph> = {
      review: (saver) => reviewGraph(saver) as unknown as Graph,
      nested: (saver) => nestedGraph(saver) as unknown as Graph,
    }
    for (const [name, make] of Object.entries(graphs)) {
      const [config, other] = [threadConfig(`interrupt-${name}`), threadConfig(`plain-${name}`)]
      const saver = new CairnSaver(driver)
      for (const each of [config, other]) await make(saver).invoke({ draft: 'a' }, each)
      await saver.prune([`interrupt-${name}`])
      const answered = await make(fresh()).invoke(new Command({ resume: 'good' }), config)
      expect(answered).toEqual(await make(saver).invoke(new Command({ resume: 'good' }), other))
    }
  })

  test('keeps the state of a stateful subgraph', async () => {
    const saver = new CairnSaver(driver)
    const graph = rememberingGraph(saver)
    const config = threadConfig('stateful')
    await graph.invoke({ log: ['one'] }, config)
    await graph.invoke(new Command({ resume: 'first' }), config)
    await saver.prune(['stateful'])
    await graph.invoke({ log: ['two'] }, config)
    const pruned = await graph.invoke(new Command({ resume: 'second' }), config)
    const plain = rememberingGraph(new CairnSaver(driver))
    const other = threadConfig('stateful-plain')
    await plain.invoke({ log: ['one'] }, other)
    await plain.invoke(new Command({ resume: 'first' }), other)
    await plain.invoke({ log: ['two'] }, other)
    expect(pruned).toEqual(await plain.invoke(new Command({ resume: 'second' }), other))
  })

  test('keeps what a delta channel is made of', async () => {
    for (const frequency of [2, 100]) {
      const id = `delta-${frequency}`
      const saver = new CairnSaver(driver)
      const graph = deltaGraph(saver, frequency)
      for (let turn = 0; turn < 6; turn++) {
        await graph.invoke(human(`question ${turn}`) as never, threadConfig(id))
        if (turn % 2 === 1) await saver.prune([id])
      }
      const { values } = await deltaGraph(fresh(), frequency).getState(threadConfig(id))
      expect((values as { messages: unknown[] }).messages).toHaveLength(12)
      await expectNoWaste(id)
    }
  })

  test('leaves forks of what stays alone, and their order', async () => {
    const saver = new CairnSaver(driver)
    const graph = chatGraph(saver)
    const config = threadConfig('forks')
    for (let turn = 0; turn < 3; turn++) await graph.invoke(human(`question ${turn}`), config)
    const history: RunnableConfig[] = []
    for await (const state of graph.getStateHistory(config)) history.push(state.config)
    await graph.updateState(history[2] ?? config, human('forked'))
    const before = await idsOf('forks')
    await saver.prune(['forks'], { keepLast: 3 })
    expect(await idsOf('forks')).toEqual(before.slice(0, 3))
    const { values } = await chatGraph(fresh()).getState(config)
    expect(textsOf(values.messages).at(-1)).toBe('forked')
  })

  test('lets a run go on that is under way, and loses nothing that it stores', async () => {
    const saver = new CairnSaver(driver)
    const [other, config] = [fresh(), threadConfig('busy')]
    let isOver = false
    const pruning = (async () => {
      while (!isOver) {
        await other.prune(['busy'], { keepLast: 1 })
        // A storage in memory leaves nobody else a turn.
        await setImmediate()
      }
    })()
    try {
      for (let turn = 0; turn < 6; turn++) await chatGraph(saver).invoke(human(`question ${turn}`), config)
      await fanOutGraph(saver).invoke({ items: [1, 2, 3, 4] }, threadConfig('busy-fan'))
    } finally {
      isOver = true
      await pruning
    }
    const { values } = await chatGraph(fresh()).getState(config)
    expect(values.messages).toHaveLength(12)
  })

  test('is not healed: what was removed on purpose is not lost', async () => {
    for (const healing of ['off', 'tail', 'thread'] as const) {
      const healed: unknown[] = []
      const saver = new CairnSaver(driver, {
        healing,
        observer: { onHealed: (event) => void healed.push(event) },
      })
      const config = threadConfig(`healed-${healing}`)
      for (const pruner of [saver, fresh()]) {
        for (let turn = 0; turn < 2; turn++) await chatGraph(saver).invoke(human(`question ${turn}`), config)
        await pruner.prune([`healed-${healing}`])
        await chatGraph(saver).invoke(human('after'), config)
      }
      expect(healed).toEqual([])
      const { values } = await chatGraph(fresh()).getState(config)
      expect(values.messages).toHaveLength(12)
    }
  })

  test('tells what is wrong with its arguments', async () => {
    const saver = new CairnSaver(driver)
    const refused = async (options: unknown): Promise<unknown> =>
      await saver.prune(['x'], options as never).catch((cause: unknown) => cause)
    expect(await refused({ strategy: 'all' })).toMatchObject({
      message: expect.stringMatching(/^strategy must be/),
    })
    for (const keepLast of [0, -1, 1.5, Number.NaN, '1'])
      expect(await refused({ keepLast })).toMatchObject({
        message: expect.stringMatching(/^keepLast must be/),
      })
    for (const olderThanMs of [0, -1, 0.5, Number.NaN])
      expect(await refused({ olderThanMs })).toMatchObject({
        message: expect.stringMatching(/^olderThanMs must be/),
      })
    expect(await refused({ keep: 1 })).toBeInstanceOf(TypeError)
    expect(await refused({ strategy: 'delete', keepLast: 2 })).toBeInstanceOf(TypeError)
    for (const retention of [{}, { keepLast: 0 }, { maxAgeMs: 0 }, { keepLatest: 1 }])
      expect(() => fresh({ retention } as CairnSaverOptions)).toThrow(TypeError)
  })
})

describe('retention', () => {
  test('keeps a chat short, in the background, and says what it removed', async () => {
    const pruned: PrunedEvent[] = []
    const failures: unknown[] = []
    const saver = new CairnSaver(driver, {
      retention: { keepLast: 3 },
      observer: {
        onPruned: (event) => void pruned.push(event),
        onBackgroundFailure: (failure) => void failures.push(failure),
      },
    })
    const config = threadConfig('retained')
    for (let turn = 0; turn < 40; turn++) await chatGraph(saver).invoke(human(`question ${turn}`), config)
    await waitFor('the last look is over', async () =>
      (await idsOf('retained')).length <= 3 + 18 ? true : undefined,
    )
    expect(failures).toEqual([])
    expect(pruned.length).toBeGreaterThan(2)
    expect(pruned.every(({ threadId }) => threadId === 'retained')).toBe(true)
    const { values } = await chatGraph(fresh()).getState(config)
    expect(values.messages).toHaveLength(80)
  })
})

describe('deleteForRuns', () => {
  test('keeps what another run stores while it looks at a thread that it would empty', async () => {
    const config = (run_id: string): RunnableConfig => ({ configurable: { thread_id: 'emptied', run_id } })
    await chatGraph(fresh()).invoke(human('old'), config('old'))
    let meanwhile = async (): Promise<void> => {
      meanwhile = async () => {}
      await chatGraph(fresh()).invoke(human('new'), config('new'))
    }
    const late: StorageDriver = {
      ...withCommit(driver, async (...args) => await driver.commit(...args)),
      read: async (id, ...args) => {
        const results = await driver.read(id, ...args)
        if (id === 'thread:emptied') await meanwhile()
        return results
      },
    }
    await new CairnSaver(late).deleteForRuns(['old'])
    const { values } = await chatGraph(fresh()).getState(threadConfig('emptied'))
    expect(textsOf(values.messages)).toEqual(['old', 'answer 1', 'new', 'answer 3'])
    await fresh().deleteForRuns(['new'])
    const [info] = await partition('emptied').read([{ type: 'info' }])
    expect(info).toMatchObject({ epoch: null, records: 0, objects: 0 })
  })
})

describe('copyThread', () => {
  test('copies a graph that goes on by itself, with its interrupts', async () => {
    const saver = new CairnSaver(driver)
    await reviewGraph(saver).invoke({ draft: 'a' }, threadConfig('source'))
    await saver.copyThread('source', 'copy')
    const [one, two] = [
      await reviewGraph(fresh()).invoke(new Command({ resume: 'good' }), threadConfig('copy')),
      await reviewGraph(fresh()).invoke(new Command({ resume: 'good' }), threadConfig('source')),
    ]
    expect(one).toEqual(two)
    await expectNoWaste('copy')
  })

  test('does not touch a thread that exists', async () => {
    const saver = new CairnSaver(driver)
    for (const id of ['here', 'there']) await chatGraph(saver).invoke(human(id), threadConfig(id))
    const before = await idsOf('there')
    const refusal = await saver.copyThread('here', 'there').catch((cause: unknown) => cause)
    expect(ThreadExistsError.isInstance(refusal)).toBe(true)
    expect(refusal).toMatchObject({ code: 'exists', threadId: 'there' })
    expect(await idsOf('there')).toEqual(before)
  })

  test('gives the copy the expiry of the saver, or the time of its own', async () => {
    const saver = new CairnSaver(driver, { expiry: { ttlMs: 86_400_000 } })
    await chatGraph(saver).invoke(human('hi'), threadConfig('expires'))
    await chatGraph(saver).invoke(human('hi'), { configurable: { thread_id: 'own', ttl_ms: 3_600_000 } })
    for (const [id, most] of [
      ['expires', 86_400_000],
      ['own', 3_600_000],
    ] as const) {
      await saver.copyThread(id, `${id}-copy`)
      const [info] = await partition(`${id}-copy`).read([{ type: 'info' }])
      expect(info.ttlMs).toBeGreaterThan(most * 0.9)
      expect(info.ttlMs).toBeLessThanOrEqual(most)
    }
  })
})
