import { CairnSaver } from '@cairnkit/langgraph'
import type { StateSnapshot } from '@langchain/langgraph'
import { type BaseCheckpointSaver, Command, MemorySaver } from '@langchain/langgraph'
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
  threadConfig as configOfThread,
  visitingGraph,
} from '../src/graphs.js'

type Remembering = ReturnType<typeof rememberingGraph>

const cell = await openCell('graphs')
afterAll(async () => await cell[Symbol.asyncDispose]())
const driver = cell.driver()

async function historyOf(
  graph: { getStateHistory(config: object): AsyncIterable<StateSnapshot> },
  config: object,
): Promise<StateSnapshot[]> {
  const history: StateSnapshot[] = []
  for await (const snapshot of graph.getStateHistory(config)) history.push(snapshot)
  return history
}

/** All of this is one run after the other, or a fork on purpose: nothing that could be a conflict. */
describe.each(['allow', 'reject'] as const)('onConflict %s', (onConflict) => {
  const idOf = (name: string): string => `${onConflict} ${name}`
  const threadConfig = (name: string) => configOfThread(idOf(name))

  /** A checkpointer that remembers nothing, as after a restart of the process. */
  function freshSaver(): CairnSaver {
    return new CairnSaver(driver, { onConflict })
  }

  test('a chat goes on where another process left it', async () => {
    const config = threadConfig('chat')
    for (let turn = 0; turn < 5; turn++) await chatGraph(freshSaver()).invoke(human(`turn ${turn}`), config)
    const state = await chatGraph(freshSaver()).getState(config)
    expect(textsOf(state.values.messages)).toEqual(
      Array.from({ length: 5 }, (_, turn) => [`turn ${turn}`, `answer ${turn * 2 + 1}`]).flat(),
    )
    expect((await chatGraph(freshSaver()).getState(threadConfig('another chat'))).values).toEqual({})
  })

  test('two processes that take turns on one thread never see old data', async () => {
    const savers = [freshSaver(), freshSaver()]
    const config = threadConfig('turns')
    for (const life of ['first', 'second']) {
      for (let turn = 0; turn < 20; turn++) {
        const { messages } = await chatGraph(savers[turn % 2]!).invoke(human(`${life} ${turn}`), config)
        expect(textsOf(messages)).toEqual(
          Array.from({ length: turn + 1 }, (_, at) => [`${life} ${at}`, `answer ${at * 2 + 1}`]).flat(),
        )
      }
      await savers[0]!.deleteThread(idOf('turns'))
      expect(await savers[1]!.getTuple(config)).toBeUndefined()
    }
  })

  test('branch B from an old checkpoint, while A waits at an interrupt, and both resume right', async () => {
    const config = threadConfig('fork')
    const a = await reviewGraph(freshSaver()).invoke({ draft: 'A' }, config)
    expect(a).toMatchObject({ __interrupt__: [{ value: { question: 'Publish A!?' } }] })
    const waiting = await reviewGraph(freshSaver()).getState(config)
    expect(waiting.next).toEqual(['review'])

    const history = await historyOf(reviewGraph(freshSaver()), config)
    const beforeWrite = history.find((snapshot) => snapshot.next.includes('write'))
    if (beforeWrite === undefined) throw new Error('The checkpoint before the first node is missing')
    const branch = await reviewGraph(freshSaver()).updateState(beforeWrite.config, { draft: 'B' })
    const b = await reviewGraph(freshSaver()).invoke(null, branch)
    expect(b).toMatchObject({
      draft: 'B!',
      log: ['written'],
      __interrupt__: [{ value: { question: 'Publish B!?' } }],
    })

    const resumedB = await reviewGraph(freshSaver()).invoke(new Command({ resume: 'good' }), config)
    expect(resumedB).toMatchObject({
      draft: 'B!',
      log: ['written', 'reviewed: good', 'published B! as good'],
    })

    const stillWaiting = await reviewGraph(freshSaver()).getState(waiting.config)
    expect(stillWaiting.values).toMatchObject({ draft: 'A!', log: ['written'] })
    expect(stillWaiting.tasks[0]?.interrupts).toMatchObject([{ value: { question: 'Publish A!?' } }])
    const resumedA = await reviewGraph(freshSaver()).invoke(new Command({ resume: 'bad' }), waiting.config)
    expect(resumedA).toMatchObject({ draft: 'A!', log: ['written', 'reviewed: bad', 'published A! as bad'] })
  })

  test('replay from every old checkpoint gives the values of that branch', async () => {
    const config = threadConfig('replay')
    await chatGraph(freshSaver()).invoke(human('one'), config)
    await chatGraph(freshSaver()).invoke(human('two'), config)
    const history = await historyOf(chatGraph(freshSaver()), config)
    expect(history).toHaveLength(6)
    for (const snapshot of history) {
      const again = await chatGraph(freshSaver()).getState(snapshot.config)
      expect(again.values).toEqual(snapshot.values)
    }
    const afterFirst = history.find(
      (snapshot) => snapshot.values.messages?.length === 2 && snapshot.next.length === 0,
    )
    if (afterFirst === undefined) throw new Error('The end of the first turn is missing')
    const replayed = await chatGraph(freshSaver()).invoke(human('other two'), afterFirst.config)
    expect(textsOf(replayed.messages)).toEqual(['one', 'answer 1', 'other two', 'answer 3'])
    expect(textsOf((await chatGraph(freshSaver()).getState(history[0]!.config)).values.messages)).toEqual([
      'one',
      'answer 1',
      'two',
      'answer 3',
    ])
    const rerun = history.find(
      (snapshot) => snapshot.next.includes('answer') && snapshot.values.messages?.length === 3,
    )
    if (rerun === undefined) throw new Error('The checkpoint before the second answer is missing')
    expect(textsOf((await chatGraph(freshSaver()).invoke(null, rerun.config)).messages)).toEqual([
      'one',
      'answer 1',
      'two',
      'answer 3',
    ])
  })

  test('a replay and a fork to before a subgraph that keeps its state has run end as on MemorySaver', async () => {
    const config = threadConfig('before the subgraph')
    const story = async (checkpointer: () => BaseCheckpointSaver): Promise<unknown[]> => {
      const told: unknown[] = []
      const run = async (input: Parameters<Remembering['invoke']>[0], at: object = config): Promise<void> => {
        const result = await rememberingGraph(checkpointer()).invoke(input, at)
        told.push([...result.log, '__interrupt__' in result ? 'asks' : 'has ended'])
      }
      await run({ log: ['one'] })
      await run(new Command({ resume: 'old' }))
      const history = await historyOf(rememberingGraph(checkpointer()), config)
      const before = history.find((snapshot) => snapshot.next.includes('inner'))
      if (before === undefined) throw new Error('The checkpoint before the subgraph is missing')
      await run(null, before.config)
      await run(new Command({ resume: 'new' }))
      const fork = await rememberingGraph(checkpointer()).updateState(
        before.config,
        { log: ['fork'] },
        'plan',
      )
      await run(null, fork)
      await run(new Command({ resume: 'forked' }))
      await run({ log: ['two'] })
      return told
    }
    const reference = new MemorySaver()
    expect(await story(freshSaver)).toEqual(await story(() => reference))
  })

  test('a copied checkpoint goes on as its source would', async () => {
    const config = threadConfig('copy')
    await reviewGraph(freshSaver()).invoke({ draft: 'C' }, config)
    const waiting = await reviewGraph(freshSaver()).getState(config)
    const copy = await reviewGraph(freshSaver()).updateState(waiting.config, null, '__copy__')
    const copied = await reviewGraph(freshSaver()).getState(copy)
    expect(copied.values).toEqual(waiting.values)
    expect(copied.metadata?.source).toBe('fork')
    await reviewGraph(freshSaver()).invoke(null, copy)
    const resumed = await reviewGraph(freshSaver()).invoke(new Command({ resume: 'copied' }), config)
    expect(resumed.log).toEqual(['written', 'reviewed: copied', 'published C! as copied'])
  })

  test('fifty parallel tasks of one superstep lose nothing', async () => {
    const items = Array.from({ length: 50 }, (_, at) => at)
    const config = threadConfig('fan-out')
    const { results } = await fanOutGraph(freshSaver()).invoke({ items }, config)
    expect(results).toEqual(items.map((item) => item * item))
    expect((await fanOutGraph(freshSaver()).getState(config)).values.results).toEqual(results)
  })

  test('an interrupt in a subgraph is found and resumed by another process', async () => {
    const config = threadConfig('nested')
    await nestedGraph(freshSaver()).invoke({ draft: 'x' }, config)
    const state = await nestedGraph(freshSaver()).getState(config, { subgraphs: true })
    expect(state.tasks[0]?.interrupts).toMatchObject([{ value: 'inner?' }])
    const done = await nestedGraph(freshSaver()).invoke(new Command({ resume: 'yes' }), config)
    expect(done.log).toEqual(['asked', 'noted yes', 'after'])
    await freshSaver().deleteThread(idOf('nested'))
    expect((await nestedGraph(freshSaver()).getState(config)).values).toEqual({})
    const left: unknown[] = []
    for await (const tuple of freshSaver().list(config)) left.push(tuple)
    expect(left).toEqual([])
  })

  for (const durability of ['sync', 'async'] as const) {
    test(`what a node changes in place and does not return is stored as it was, durability ${durability}`, async () => {
      for (const healing of ['off', 'tail', 'thread'] as const) {
        const config = { ...threadConfig(`in place ${durability} ${healing}`), durability }
        const saver = new CairnSaver(driver, { onConflict, healing })
        await visitingGraph(saver).invoke({ profile: {}, turns: 0 }, config)
        const profiles: unknown[] = []
        for await (const { checkpoint } of freshSaver().list(config)) {
          if ('profile' in checkpoint.channel_values) profiles.push(checkpoint.channel_values['profile'])
        }
        // LangGraph may have the first node run before it puts the input.
        const first = durability === 'sync' ? {} : profiles.at(-1)
        expect([healing, profiles]).toEqual([healing, Array.from({ length: 5 }, () => first)])
      }
    })
  }

  for (const durability of ['sync', 'async', 'exit'] as const) {
    test(`durability ${durability} ends in the same state`, async () => {
      const config = { ...threadConfig(`durability-${durability}`), durability }
      await chatGraph(freshSaver()).invoke(human('hello'), config)
      await chatGraph(freshSaver()).invoke(human('again'), config)
      const state = await chatGraph(freshSaver()).getState(config)
      expect(textsOf(state.values.messages)).toEqual(['hello', 'answer 1', 'again', 'answer 3'])
    })
  }

  test('a thread deleted under a running graph is stored whole by its next put, or not at all where that is a conflict', async () => {
    const saver = freshSaver()
    const config = threadConfig('deleted meanwhile')
    await chatGraph(saver).invoke(human('one'), config)
    const state = await chatGraph(saver).getState(config)
    await freshSaver().deleteThread(idOf('deleted meanwhile'))
    const put = saver.put(
      state.config,
      {
        ...(await import('@langchain/langgraph-checkpoint')).emptyCheckpoint(),
        channel_values: { messages: ['kept'] },
        channel_versions: { messages: 9 },
      },
      { source: 'update', step: 9, parents: {} },
      { messages: 9 },
    )
    const outcome: unknown = await put.then(
      () => 'stored',
      (cause: unknown) => (cause as { readonly code?: unknown }).code,
    )
    const isConflict = onConflict === 'reject'
    expect(outcome).toBe(isConflict ? 'conflict' : 'stored')
    const tuple = await freshSaver().getTuple(config)
    expect(tuple?.checkpoint.channel_values).toEqual(isConflict ? undefined : { messages: ['kept'] })
  })
})
