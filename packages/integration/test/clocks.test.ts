import { CairnSaver, type CairnSaverOptions } from '@cairnkit/langgraph'
import type { RunnableConfig } from '@langchain/core/runnables'
import { Annotation, Command, START, StateGraph, interrupt } from '@langchain/langgraph'
import { afterAll, describe, expect, test } from 'vitest'
import { openCell } from '../src/cell-under-test.js'
import { chatGraph, human, textsOf, threadConfig } from '../src/graphs.js'
import { ThreadPast } from '../src/thread-past.js'

/** Servers whose clocks differ: LangGraph makes the ids of checkpoints of the clock of the server that runs. */
const cell = await openCell('clocks')
afterAll(async () => await cell[Symbol.asyncDispose]())
const driver = cell.driver()

const realNow = Date.now

/** Runs `fn` on a server whose clock is `ms` ahead of this one's; `jump` sets it while it runs. */
async function onServer<T>(ms: number, fn: (jump: (ms: number) => void) => Promise<T>): Promise<T> {
  const jump = (to: number): void => {
    Date.now = () => realNow() + to
  }
  jump(ms)
  try {
    return await fn(jump)
  } finally {
    Date.now = realNow
  }
}

const savers: readonly (readonly [string, CairnSaverOptions])[] = [
  ['allow', {}],
  ['reject', { onConflict: 'reject' }],
  ['allow, healing off', { healing: 'off' }],
  ['reject, healing thread', { onConflict: 'reject', healing: 'thread' }],
]

/** One that remembers nothing, as a process that has just begun. */
function fresh(options: CairnSaverOptions): CairnSaver {
  return new CairnSaver(driver, options)
}

describe.each(savers)('turns on servers whose clocks differ, %s', (name, options) => {
  test('each turn goes on from the one before it', async () => {
    const config = threadConfig(`turns ${name}`)
    const remembering = [fresh(options), fresh(options)]
    const clocks = [0, -30_000, 0, 60_000, -5, -90_000, 0, 30_000, 1, -1]
    const said: string[] = []
    for (const [turn, ms] of clocks.entries()) {
      // Each server remembers what it did, or begins anew: a deployment has both.
      const saver = turn % 3 === 2 ? fresh(options) : (remembering[turn % 2] as CairnSaver)
      const { messages } = await onServer(
        ms,
        async () => await chatGraph(saver).invoke(human(`${turn}`), config),
      )
      said.push(`${turn}`, `answer ${turn * 2 + 1}`)
      expect(textsOf(messages), `turn ${turn}`).toEqual(said)
    }
    const { values } = await chatGraph(fresh(options)).getState(config)
    expect(textsOf(values.messages)).toEqual(said)
  })

  test('also when a clock jumps in the middle of a run, in every durability', async () => {
    for (const durability of ['sync', 'async', 'exit'] as const) {
      const config = { ...threadConfig(`jumps ${name} ${durability}`), durability }
      let jump: (ms: number) => void = () => undefined
      const graph = (): ReturnType<typeof chainOf> => chainOf(fresh(options), (ms) => jump(ms))
      const expected: string[] = []
      for (const ms of [0, -20_000, 5000]) {
        await onServer(ms, async (jumpTo) => {
          jump = jumpTo
          await graph().invoke({ log: [`turn at ${ms}`] }, config)
        })
        expected.push(`turn at ${ms}`, 'a', 'b', 'c')
        const { values } = await graph().getState(config)
        expect((values as { log: string[] }).log, durability).toEqual(expected)
      }
    }
  })

  test('a person who answers on another server is heard, in a subgraph that keeps its state as well', async () => {
    const config = threadConfig(`interrupts ${name}`)
    const seen: string[] = []
    for (const [asked, answered] of [
      [0, -30_000],
      [-60_000, 0],
      [-10, -45_000],
    ] as const) {
      await onServer(asked, async () => await askingGraph(fresh(options)).invoke({ log: ['asked'] }, config))
      const answer = new Command<string, Record<string, unknown>, 'own'>({
        resume: `answer at ${answered}`,
      })
      await onServer(answered, async () => await askingGraph(fresh(options)).invoke(answer, config))
      seen.push(`answer at ${answered}`)
      const { values } = await askingGraph(fresh(options)).getState(config)
      const { log } = values as { log: string[] }
      expect([...new Set(log.filter((entry) => entry.startsWith('answer')))]).toEqual(seen)
    }
  })
})

test('a fork on a server whose clock is behind runs to its end, and is no conflict', async () => {
  for (const [name, options] of savers) {
    const config = threadConfig(`forks ${name}`)
    await onServer(0, async () => await chatGraph(fresh(options)).invoke(human('one'), config))
    const saver = fresh(options)
    const history: RunnableConfig[] = []
    for await (const snapshot of chatGraph(saver).getStateHistory(config)) history.push(snapshot.config)
    const { messages } = await onServer(
      -60_000,
      async () => await chatGraph(saver).invoke(human('another'), history.at(-1)),
    )
    expect(textsOf(messages).slice(-2), name).toEqual(['another', expect.stringMatching(/^answer/)])
    // The fork has smaller ids than what it was taken from, so that stays the head.
    const { values } = await chatGraph(fresh(options)).getState(config)
    expect(textsOf(values.messages), name).toEqual(['one', 'answer 1'])
  }
})

test('a fork on a server whose clock is behind runs a subgraph that keeps its state anew, and is no conflict', async () => {
  for (const [name, options] of savers) {
    const config = threadConfig(`forks with a subgraph ${name}`)
    await notingGraph(fresh(options)).invoke({ log: ['one'] }, config)
    const history: RunnableConfig[] = []
    for await (const { config: at } of notingGraph(fresh(options)).getStateHistory(config)) history.push(at)
    const before = history.at(1)
    // A process that has just begun has seen nothing of the namespace of the subgraph.
    const { log } = await onServer(
      -60_000,
      async () => await notingGraph(fresh(options)).invoke({ log: ['two'] }, before),
    )
    expect(log, name).toEqual(['one', 'two', 'one', 'two', 'noted'])
  }
})

test('a turn of a server whose clock is behind comes back with its thread, and is its head again', async (context) => {
  const { lab } = cell
  if (lab === undefined) return context.skip('this storage has no other copy that could come back')
  for (const [onConflict, healing] of [
    ['allow', 'tail'],
    ['reject', 'tail'],
    ['allow', 'thread'],
    ['reject', 'thread'],
  ] as const) {
    const id = `healed ${onConflict} ${healing}`
    const config = { ...threadConfig(id), durability: 'sync' as const }
    const past = new ThreadPast(lab, `${cell.keyPrefix}:{thread:${encodeURIComponent(id)}}`)
    const saver = fresh({ onConflict, healing })
    const turn = async (text: string, ms: number): Promise<string[]> => {
      const { messages } = await onServer(ms, async () => await chatGraph(saver).invoke(human(text), config))
      return textsOf(messages)
    }
    await turn('one', 0)
    await past.keep()
    await turn('two', -30_000)
    // The run goes on where it was: LangGraph puts below the checkpoint that it knows.
    const { config: head } = await chatGraph(saver).getState(config)
    await past.bringBack()
    await saver.putWrites(head, [['messages', 'still here']], 'task')
    const { values } = await chatGraph(fresh({ onConflict })).getState(config)
    expect(textsOf(values.messages), id).toEqual(['one', 'answer 1', 'two', 'answer 3'])
    expect(await turn('three', -29_000), id).toEqual([
      ...['one', 'answer 1', 'two', 'answer 3'],
      ...['three', 'answer 5'],
    ])
  }
})

const LogState = Annotation.Root({
  log: Annotation<string[]>({ reducer: (left, right) => left.concat(right), default: () => [] }),
})

/** Three nodes, of which the second finds that the clock has jumped back, and the third that it has jumped on. */
function chainOf(saver: CairnSaver, jump: (ms: number) => void) {
  return new StateGraph(LogState)
    .addNode('a', () => ({ log: ['a'] }))
    .addNode('b', () => {
      jump(-40_000)
      return { log: ['b'] }
    })
    .addNode('c', () => {
      jump(10_000)
      return { log: ['c'] }
    })
    .addEdge(START, 'a')
    .addEdge('a', 'b')
    .addEdge('b', 'c')
    .compile({ checkpointer: saver })
}

/** A node that is a subgraph with a memory of its own, which asks a person. */
function askingGraph(saver: CairnSaver) {
  const own = new StateGraph(LogState)
    .addNode('note', () => ({ log: ['noted'] }))
    .addNode('ask', () => ({ log: [interrupt('?') as string] }))
    .addEdge(START, 'note')
    .addEdge('note', 'ask')
    .compile({ checkpointer: true })
  return new StateGraph(LogState).addNode('own', own).addEdge(START, 'own').compile({ checkpointer: saver })
}

/** A node that is a subgraph with a memory of its own. */
function notingGraph(saver: CairnSaver) {
  const own = new StateGraph(LogState)
    .addNode('note', () => ({ log: ['noted'] }))
    .addEdge(START, 'note')
    .compile({ checkpointer: true })
  return new StateGraph(LogState).addNode('own', own).addEdge(START, 'own').compile({ checkpointer: saver })
}
