import { isDeepStrictEqual } from 'node:util'
import { CairnSaver, ThreadConflictError } from '@cairnkit/langgraph'
import { AIMessage } from '@langchain/core/messages'
import type { RunnableConfig } from '@langchain/core/runnables'
import { Command, MessagesAnnotation, START, StateGraph } from '@langchain/langgraph'
import { type Checkpoint, type CheckpointTuple, emptyCheckpoint } from '@langchain/langgraph-checkpoint'
import { afterAll, describe, expect, test } from 'vitest'
import { openCell } from '../src/cell-under-test.js'
import { failingCommits } from '../src/failing-commits.js'
import { chatGraph, human, nestedGraph, reviewGraph, textsOf, threadConfig } from '../src/graphs.js'

const cell = await openCell('conflicts')
afterAll(async () => await cell[Symbol.asyncDispose]())
const metadata = { source: 'loop' as const, step: 0, parents: {} }

/** A saver with a driver of its own, as another process would have it. */
function rejecting(driver = cell.driver()): CairnSaver {
  return new CairnSaver(driver, { onConflict: 'reject' })
}

function checkpoint(id: string): Checkpoint {
  return { ...emptyCheckpoint(), id, channel_values: { x: id }, channel_versions: { x: id } as never }
}

async function put(saver: CairnSaver, config: RunnableConfig, id: string): Promise<RunnableConfig> {
  return await saver.put(config, checkpoint(id), metadata, { x: id } as never)
}

function at(threadId: string, checkpointId: string, namespace = ''): RunnableConfig {
  return { configurable: { thread_id: threadId, checkpoint_ns: namespace, checkpoint_id: checkpointId } }
}

async function failureOf(call: Promise<unknown>): Promise<unknown> {
  return await call.then(
    () => undefined,
    (cause: unknown) => cause,
  )
}

async function idsOf(threadId: string): Promise<string[]> {
  const ids: string[] = []
  for await (const { checkpoint: found } of rejecting().list(threadConfig(threadId))) ids.push(found.id)
  return ids
}

/** Whoever has loaded a thread waits until all have that are to meet: so they build on the same checkpoint. */
class MeetingSaver extends CairnSaver {
  readonly #meet: () => Promise<void>

  constructor(options: ConstructorParameters<typeof CairnSaver>[1], meet: () => Promise<void>) {
    super(cell.driver(), options)
    this.#meet = meet
  }

  override async getTuple(config: RunnableConfig): Promise<CheckpointTuple | undefined> {
    const tuple = await super.getTuple(config)
    await this.#meet()
    return tuple
  }
}

function answering(saver: CairnSaver, answer: string, wait: () => Promise<void> = async () => {}) {
  return new StateGraph(MessagesAnnotation)
    .addNode('answer', async () => {
      await wait()
      return { messages: [new AIMessage(answer)] }
    })
    .addEdge(START, 'answer')
    .compile({ checkpointer: saver })
}

/** Resolves for all when `count` have called it. */
function barrier(count: number): () => Promise<void> {
  let open: () => void = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  let here = 0
  return async () => {
    if (++here === count) open()
    await opened
  }
}

describe('two runs on one thread', () => {
  for (const durability of ['sync', 'async', 'exit'] as const) {
    test(`with durability ${durability}, one is stored and the other fails`, async () => {
      const id = `runs-${durability}`
      const config = { ...threadConfig(id), durability }
      await chatGraph(rejecting()).invoke(human('before'), config)
      const before = await idsOf(id)
      const meet = barrier(2)
      const run = async (name: string): Promise<unknown> =>
        await answering(new MeetingSaver({ onConflict: 'reject' }, meet), name).invoke(human(name), config)
      const [a, b] = await Promise.all([failureOf(run('a')), failureOf(run('b'))])
      const lost = [a, b].filter((failure) => failure !== undefined)
      const state = await chatGraph(rejecting()).getState(config)
      const texts = textsOf(state.values.messages)
      expect(lost).toHaveLength(1)
      const [failure] = lost
      if (!ThreadConflictError.isInstance(failure)) throw new Error('another error', { cause: failure })
      expect(failure).toMatchObject({
        code: 'conflict',
        threadId: id,
        namespace: '',
        expectedHead: before[0],
      })
      expect(failure.actualHead).not.toBe(before[0])
      for (const part of [id, before[0], failure.actualHead, 'withThread'])
        expect(failure.message).toContain(part)
      const winner = a === undefined ? 'a' : 'b'
      expect(texts).toEqual(['before', 'answer 1', winner, winner])
    })
  }

  test('of ten, those that are not refused stand one upon the other', async () => {
    const config = threadConfig('ten')
    const graphs = Array.from({ length: 10 }, () => chatGraph(rejecting()))
    const outcomes = await Promise.all(
      graphs.map(async (graph, run) => await failureOf(graph.invoke(human(`run ${run}`), config))),
    )
    const stored = outcomes.flatMap((failure, run) => (failure === undefined ? [`run ${run}`] : []))
    for (const failure of outcomes)
      if (failure !== undefined && !ThreadConflictError.isInstance(failure))
        throw new Error('another error', { cause: failure })
    expect(stored.length).toBeGreaterThan(0)
    const state = await chatGraph(rejecting()).getState(config)
    const said = textsOf(state.values.messages).filter((text) => text.startsWith('run'))
    expect(said).toEqual(expect.arrayContaining(stored))
    // No checkpoint has two children: nobody was overwritten.
    const parents: unknown[] = []
    for await (const { parentConfig } of rejecting().list(config))
      parents.push(parentConfig?.configurable?.['checkpoint_id'])
    expect(new Set(parents).size).toBe(parents.length)
  })

  test('the same two runs are both stored by default', async () => {
    const config = { ...threadConfig('allowed'), durability: 'exit' as const }
    const meet = barrier(2)
    const run = async (name: string): Promise<unknown> =>
      await answering(new MeetingSaver({}, meet), name).invoke(human(name), config)
    await Promise.all([run('a'), run('b')])
    expect((await idsOf('allowed')).length).toBe(2)
  })

  test('a run in a subgraph conflicts in its own namespace alone', async () => {
    const saver = rejecting()
    const child = await put(saver, { configurable: { thread_id: 'spaces', checkpoint_ns: 'child:1' } }, 'c1')
    await put(saver, threadConfig('spaces'), 'r1')
    await put(rejecting(), child, 'c2')
    const failure = await failureOf(put(saver, child, 'c3'))
    expect(failure).toMatchObject({ namespace: 'child:1', expectedHead: 'c1', actualHead: 'c2' })
    await put(saver, at('spaces', 'r1'), 'r2')
  })

  test('two that begin a thread', async () => {
    await put(rejecting(), threadConfig('begin'), 'a')
    const failure = await failureOf(put(rejecting(), threadConfig('begin'), 'b'))
    expect(failure).toMatchObject({ expectedHead: undefined, actualHead: 'a' })
    expect(await idsOf('begin')).toEqual(['a'])
  })

  test('updateState against a run', async () => {
    const config = threadConfig('update')
    const meet = barrier(2)
    await chatGraph(rejecting()).invoke(human('before'), config)
    const started = barrier(2)
    const wait = async (): Promise<void> => {
      await started()
      await meet()
    }
    const running = failureOf(
      answering(rejecting(), 'late', wait).invoke(human('run'), { ...config, durability: 'sync' }),
    )
    await started()
    // The run has put its input; the update goes on from there, and the run comes too late.
    await chatGraph(rejecting()).updateState(config, human('update'))
    await meet()
    expect(await running).toMatchObject({ code: 'conflict' })
    const { values } = await chatGraph(rejecting()).getState(config)
    expect(textsOf(values.messages)).toEqual(['before', 'answer 1', 'run', 'update'])
  })
})

describe('what is no conflict', () => {
  test('writes that came before their checkpoint', async () => {
    const saver = rejecting()
    const first = await put(saver, threadConfig('early'), 'c1')
    await saver.putWrites(at('early', 'c2'), [['x', 1]], 'task')
    await saver.putWrites(at('early', 'c3'), [['x', 1]], 'task')
    await put(saver, await put(saver, first, 'c2'), 'c3')
    expect(await idsOf('early')).toEqual(['c3', 'c2', 'c1'])
  })

  test('the writes of a run that lost: they stand below their own checkpoint', async () => {
    const saver = rejecting()
    const first = await put(saver, threadConfig('loser'), 'c1')
    await put(rejecting(), first, 'c2')
    await expect(put(saver, first, 'c3')).rejects.toThrow(ThreadConflictError)
    await saver.putWrites(at('loser', 'c3'), [['x', 'lost']], 'task')
    const head = await rejecting().getTuple(threadConfig('loser'))
    expect([head?.checkpoint.id, head?.pendingWrites]).toEqual(['c2', []])
    await put(rejecting(), at('loser', 'c2'), 'c4')
  })

  test('a put that was stored and whose reply was lost', async () => {
    const failing = failingCommits(cell.driver())
    const saver = rejecting(failing.driver)
    const first = await put(saver, threadConfig('reply'), 'c1')
    failing.failNext('after')
    const second = await put(saver, first, 'c2')
    failing.failNext('before')
    await put(saver, second, 'c3')
    expect(await idsOf('reply')).toEqual(['c3', 'c2', 'c1'])
  })

  test('a put that was stored, whose reply was lost, and on which another run has built', async () => {
    const failing = failingCommits(cell.driver())
    const saver = rejecting(failing.driver)
    const first = await put(saver, threadConfig('built'), 'c1')
    failing.failNext('after', async () => {
      await put(rejecting(), at('built', 'c2'), 'c3')
    })
    const second = await put(saver, first, 'c2')
    expect(await failureOf(put(saver, second, 'c4'))).toMatchObject({ expectedHead: 'c2', actualHead: 'c3' })
  })

  test('the same checkpoint again, newest or not', async () => {
    const saver = rejecting()
    const first = await put(saver, threadConfig('again'), 'c1')
    const second = await put(saver, first, 'c2')
    await put(saver, first, 'c2')
    await put(rejecting(), second, 'c3')
    await put(saver, first, 'c2')
    await put(saver, threadConfig('again'), 'c1')
    expect(await idsOf('again')).toEqual(['c3', 'c2', 'c1'])
  })

  test('what a process looked at by its id is no fork of a run that did not', async () => {
    const saver = rejecting()
    const first = await put(saver, threadConfig('looked'), 'c1')
    const mine = await saver.getTuple(threadConfig('looked'))
    await put(rejecting(), first, 'c2')
    await saver.getTuple(at('looked', 'c1'))
    expect(await failureOf(put(saver, mine?.config ?? {}, 'c3'))).toMatchObject({ code: 'conflict' })
    const named = await saver.getTuple(at('looked', 'c1'))
    await put(saver, named?.config ?? {}, 'c4')
    expect(await failureOf(put(saver, named?.config ?? {}, 'c5'))).toBeUndefined()
  })

  test('resuming an interrupt after another run has gone on, when its checkpoint is named', async () => {
    const config = threadConfig('resume')
    await reviewGraph(rejecting()).invoke({ draft: 'A' }, config)
    const waiting = await reviewGraph(rejecting()).getState(config)
    await reviewGraph(rejecting()).invoke(new Command({ resume: 'yes' }), config)
    const again = await reviewGraph(rejecting()).invoke(new Command({ resume: 'no' }), waiting.config)
    // LangGraph answers from the resume that is stored with the checkpoint.
    expect(again.log).toEqual(['written', 'reviewed: yes', 'published A! as yes'])
  })

  test('a subgraph that is run again from an older checkpoint', async () => {
    const config = threadConfig('nested')
    await nestedGraph(rejecting()).invoke({ draft: 'x' }, config)
    const waiting = await nestedGraph(rejecting()).getState(config)
    await nestedGraph(rejecting()).invoke(new Command({ resume: 'one' }), config)
    const again = await nestedGraph(rejecting()).invoke(new Command({ resume: 'two' }), waiting.config)
    expect(again.log).toEqual(['asked', 'noted one', 'after'])
  })

  test('bulk updates, and updates of a named checkpoint', async () => {
    const config = threadConfig('bulk')
    const graph = chatGraph(rejecting())
    await graph.invoke(human('one'), config)
    const { config: head } = await graph.getState(config)
    await graph.bulkUpdateState(config, [
      { updates: [{ values: human('two'), asNode: 'answer' }] },
      { updates: [{ values: human('three'), asNode: 'answer' }] },
    ])
    const fork = await chatGraph(rejecting()).updateState(head, human('other'), 'answer')
    const forked = await chatGraph(rejecting()).getState(fork)
    expect(textsOf(forked.values.messages)).toEqual(['one', 'answer 1', 'other'])
    const next = await chatGraph(rejecting()).invoke(human('more'), config)
    expect(textsOf(next.messages)).toEqual(['one', 'answer 1', 'other', 'more', 'answer 4'])
  })
})

test('a thread that was deleted meanwhile is a conflict, for it is not what the run builds on', async () => {
  const saver = rejecting()
  const first = await put(saver, threadConfig('deleted'), 'c1')
  await rejecting().deleteThread('deleted')
  const failure = await failureOf(put(saver, first, 'c2'))
  expect(failure).toMatchObject({ code: 'conflict', expectedHead: 'c1', actualHead: undefined })
  expect(await idsOf('deleted')).toEqual([])
  await put(saver, threadConfig('deleted'), 'c3')
})

test('a mark of an earlier look does not outlive the look', async () => {
  const saver = rejecting()
  const first = await put(saver, threadConfig('mark'), 'c1')
  const looked = await saver.getTuple(first)
  const config = { configurable: { ...looked?.config.configurable, checkpoint_id: undefined } }
  const mine = await saver.getTuple(config)
  await put(rejecting(), first, 'c2')
  // As LangGraph does it: what the run was given, over what it was called with.
  const configurable = { ...config.configurable, ...mine?.config.configurable }
  const failure = await failureOf(put(saver, { configurable }, 'c3'))
  expect(failure).toMatchObject({ code: 'conflict', expectedHead: 'c1' })
})

test('tuples look as ever', async () => {
  const saver = rejecting()
  const first = await put(saver, threadConfig('looks'), 'c1')
  const tuple = await saver.getTuple(first)
  expect(JSON.parse(JSON.stringify(tuple?.config))).toEqual(first)
  expect((await saver.getTuple(threadConfig('looks')))?.config).toEqual(first)
})

test('an option that is none', () => {
  expect(() => new CairnSaver(cell.driver(), { onConflict: 'maybe' as never })).toThrow(/onConflict/)
})

describe('what a saver that rejects hands out', () => {
  test('is what one hands out that does not, in every config', async () => {
    const config = threadConfig('plain')
    const graph = chatGraph(rejecting())
    await graph.invoke(human('one'), config)
    await graph.invoke(human('two'), config)
    const latest = await graph.getState(config)
    const history: unknown[] = []
    for await (const each of graph.getStateHistory(config)) history.push(each.config, each.parentConfig)
    const named = await rejecting().getTuple(latest.config)
    const given = [latest.config, latest.parentConfig, named?.config, named?.parentConfig, ...history]
    for (const each of given.filter((found) => found !== undefined)) {
      const { configurable } = each as RunnableConfig
      expect(Reflect.ownKeys(each as object)).toEqual(['configurable'])
      expect(Reflect.ownKeys(configurable as object)).toEqual(['thread_id', 'checkpoint_ns', 'checkpoint_id'])
    }
    expect(isDeepStrictEqual(latest.config, history[0])).toBe(true)
  })

  test('tells a fork on purpose from a conflict, whichever call makes it', async () => {
    const config = threadConfig('fork-calls')
    const graph = chatGraph(rejecting())
    await graph.invoke(human('one'), config)
    const old = await graph.getState(config)
    await graph.invoke(human('two'), config)
    const forked = { ...old.config, metadata: { reused: 'by the application' } }
    // An update and a run, each on a checkpoint that is not the head any more.
    await graph.updateState(forked, human('an update'))
    await graph.invoke(human('a run'), forked)
    await graph.invoke(null, old.config)
    // The same objects again, without a checkpoint: these go on from the head, and others may be faster.
    const stale = await rejecting().getTuple(config)
    await graph.updateState({ ...forked, configurable: config.configurable }, human('faster'))
    const failure = await failureOf(put(rejecting(), stale?.config ?? {}, 'late'))
    expect(ThreadConflictError.isInstance(failure)).toBe(true)
  })

  test('lets an update be refused that another one has overtaken', async () => {
    const config = threadConfig('updates')
    await chatGraph(rejecting()).invoke(human('before'), config)
    const meet = barrier(2)
    const update = async (text: string): Promise<unknown> =>
      await failureOf(
        chatGraph(new MeetingSaver({ onConflict: 'reject' }, meet)).updateState(
          config,
          human(text),
          'answer',
        ),
      )
    const failures = (await Promise.all([update('a'), update('b')])).filter(
      (failure) => failure !== undefined,
    )
    expect(failures.map(ThreadConflictError.isInstance)).toEqual([true])
  })
})
