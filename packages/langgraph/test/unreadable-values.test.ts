import { StorageError } from '@cairnkit/core'
import { createMemoryDriver } from '@cairnkit/memory'
import { AIMessage, type BaseMessage, HumanMessage } from '@langchain/core/messages'
import { Serializable } from '@langchain/core/load/serializable'
import type { RunnableConfig } from '@langchain/core/runnables'
import { Annotation, START, Send, StateGraph } from '@langchain/langgraph'
import {
  type CheckpointTuple,
  JsonPlusSerializer,
  emptyCheckpoint,
  uuid6,
} from '@langchain/langgraph-checkpoint'
import { expect, test } from 'vitest'
import { CairnSaver, type CairnSaverOptions, type UnreadableEvent } from '../src/index.js'

/** A class that LangChain does not know. */
class Doc extends Serializable {
  override lc_namespace = ['acme', 'docs']
  override lc_serializable = true
  static override lc_name(): string {
    return 'Doc'
  }
}

/** Writes what it is given, and reads what it wrote, as the JSON that it is. */
class Lenient extends JsonPlusSerializer {
  override async loadsTyped(_type: string, data: Uint8Array | string): Promise<unknown> {
    return JSON.parse(Buffer.from(data as Uint8Array).toString()) as unknown
  }
}

/** Writes what it is given as LangGraph's serializer would, and so is not asked what LangChain knows. */
class Writing extends JsonPlusSerializer {}

const lenient: CairnSaverOptions = { serde: new Lenient() }
const metadata = { source: 'loop' as const, step: 0, parents: {} }
const doc = new Doc({ text: 'kept' })
const configOf = (threadId: string): RunnableConfig => ({
  configurable: { thread_id: threadId, checkpoint_ns: '' },
})
const unreadable = { name: 'StorageError', code: 'unreadable', disposition: 'permanent' }

/** A checkpoint that can be read, and behind it one with a value and a write that cannot. */
async function storedWith(
  driver = createMemoryDriver(),
): Promise<{ driver: typeof driver; last: RunnableConfig }> {
  const writer = new CairnSaver(driver, lenient)
  const versions = { x: 1, y: 1 }
  const first = await writer.put(
    configOf('t'),
    { ...emptyCheckpoint(), id: '1', channel_values: { x: 'before', y: 1 }, channel_versions: versions },
    metadata,
    versions,
  )
  const last = await writer.put(
    first,
    { ...emptyCheckpoint(), id: '2', channel_values: { x: doc, y: 1 }, channel_versions: { x: 2, y: 1 } },
    metadata,
    { x: 2 },
  )
  await writer.putWrites(last, [['x', doc]], 'bad')
  await writer.putWrites(last, [['y', 2]], 'good')
  return { driver, last }
}

async function tupleOf(saver: CairnSaver, config = configOf('t')): Promise<CheckpointTuple> {
  const tuple = await saver.getTuple(config)
  if (tuple === undefined) throw new Error('There is no tuple')
  return tuple
}

async function listed(saver: CairnSaver, config = configOf('t')): Promise<CheckpointTuple[]> {
  const tuples: CheckpointTuple[] = []
  for await (const tuple of saver.list(config)) tuples.push(tuple)
  return tuples
}

/** What `x` holds for whoever can read it. */
async function storedAt(
  driver: ReturnType<typeof createMemoryDriver>,
  config: RunnableConfig,
): Promise<unknown> {
  return (await tupleOf(new CairnSaver(driver, lenient), config)).checkpoint.channel_values['x']
}

test('a tuple is whole but for the values that cannot be made, and those throw when they are read', async () => {
  const { driver } = await storedWith()
  const heard: UnreadableEvent[] = []
  const saver = new CairnSaver(driver, { observer: { onUnreadable: (event) => void heard.push(event) } })
  const { checkpoint, pendingWrites = [], metadata: read } = await tupleOf(saver)
  const values = checkpoint.channel_values
  expect([checkpoint.id, values['y'], read]).toEqual(['2', 1, metadata])
  expect(Object.keys(values)).toEqual(['x', 'y'])
  for (const look of [() => values['x'], () => ({ ...values }), () => JSON.stringify(checkpoint)]) {
    expect(look).toThrow(expect.objectContaining(unreadable))
    expect(look).toThrow(/channel "x" of checkpoint "2" of thread "t".*class "acme\/docs\/Doc"/)
  }
  expect(pendingWrites.map(([taskId, channel]) => [taskId, channel])).toEqual([
    ['bad', 'x'],
    ['good', 'y'],
  ])
  expect(() => pendingWrites[0]?.[2]).toThrow(/the write of task "bad" to channel "x" of checkpoint "2"/)
  expect(pendingWrites[1]?.[2]).toBe(2)
  const place = { threadId: 't', namespace: '', checkpointId: '2', channel: 'x' }
  expect(heard).toMatchObject([
    { ...place, taskId: undefined, error: unreadable },
    { ...place, taskId: 'bad', error: unreadable },
  ])
})

test('a listing goes on past it, with the error in its place', async () => {
  const { driver } = await storedWith()
  const [last, first] = await listed(new CairnSaver(driver))
  expect(last?.checkpoint.channel_values).toMatchObject({ x: unreadable, y: 1 })
  expect(StorageError.isInstance(last?.checkpoint.channel_values['x'])).toBe(true)
  expect(last?.pendingWrites).toMatchObject([
    ['bad', 'x', unreadable],
    ['good', 'y', 2],
  ])
  expect(first?.checkpoint.channel_values).toEqual({ x: 'before', y: 1 })
})

test('the listing that a replay goes on from is as strict as a tuple', async () => {
  const { driver } = await storedWith()
  const [last] = await listed(new CairnSaver(driver), {
    configurable: { thread_id: 't', checkpoint_ns: '', __pregel_replay_state: {} },
  })
  expect(() => last?.checkpoint.channel_values['x']).toThrow(expect.objectContaining(unreadable))
})

for (const [what, options] of Object.entries({
  'with a cache': {},
  'without a cache': { cacheBytes: 0 },
  'with healing of threads': { healing: 'thread' },
} satisfies Record<string, CairnSaverOptions>)) {
  test(`a put stores what stands in the place of a value as that value, ${what}`, async () => {
    const { driver, last } = await storedWith()
    const expected = await storedAt(driver, last)
    const saver = new CairnSaver(driver, options)
    const [shown] = await listed(saver)
    for (const { checkpoint } of [await tupleOf(saver), shown as CheckpointTuple]) {
      for (const newVersions of [{}, { x: 3 }, undefined]) {
        const id = uuid6(0)
        const versions = { ...checkpoint.channel_versions, ...newVersions }
        await saver.put(last, { ...checkpoint, id, channel_versions: versions }, metadata, newVersions)
        const at = { configurable: { thread_id: 't', checkpoint_ns: '', checkpoint_id: id } }
        expect(await storedAt(driver, at)).toEqual(expected)
        await expect(tupleOf(saver, at)).resolves.toHaveProperty('checkpoint.channel_values.y', 1)
      }
    }
  })
}

test('a thread that is copied keeps it, in another storage too, and after it was deleted', async () => {
  const { driver, last } = await storedWith()
  const expected = await storedAt(driver, last)
  const saver = new CairnSaver(driver)
  const tuples = await listed(saver)
  const held = await tupleOf(saver)
  await saver.deleteThread('t')
  const other = createMemoryDriver()
  for (const [target, { checkpoint, pendingWrites = [] }] of [
    [other, tuples[0] as CheckpointTuple],
    [driver, held],
  ] as const) {
    const copier = new CairnSaver(target)
    const at = await copier.put(configOf('t'), checkpoint, metadata)
    for (const [taskId, channel, value] of target === other ? pendingWrites : [])
      await copier.putWrites(at, [[channel, value]], taskId)
    const read = await tupleOf(new CairnSaver(target, lenient), at)
    const copied = [
      ['bad', 'x', expected],
      ['good', 'y', 2],
    ]
    expect(read.pendingWrites).toMatchObject(target === other ? copied : [])
    expect(await storedAt(target, at)).toEqual(expected)
  }
})

const State = Annotation.Root({
  messages: Annotation<BaseMessage[]>({ reducer: (left, right) => [...left, ...right], default: () => [] }),
  doc: Annotation<unknown>,
  other: Annotation<number>,
})

/** Answers to each message, and puts a document into its state when it is asked to. */
const chat = new StateGraph(State)
  .addNode('reply', ({ messages }) =>
    messages.at(-1)?.text === 'doc'
      ? { messages: [new AIMessage('here')], doc, other: messages.length }
      : { messages: [new AIMessage('fine')], other: messages.length },
  )
  .addEdge(START, 'reply')

const say = (text: string): { messages: BaseMessage[] } => ({ messages: [new HumanMessage(text)] })

test('a run stops before it begins, whatever it needs; from an earlier checkpoint it goes on', async () => {
  const driver = createMemoryDriver()
  const writing = chat.compile({ checkpointer: new CairnSaver(driver, { serde: new Writing() }) })
  await writing.invoke(say('hello'), configOf('t'))
  await writing.invoke(say('doc'), configOf('t'))
  const saver = new CairnSaver(driver)
  const graph = chat.compile({ checkpointer: saver })
  const before = await listed(saver)
  await expect(graph.invoke(say('more'), configOf('t'))).rejects.toMatchObject(unreadable)
  await expect(graph.getState(configOf('t'))).rejects.toMatchObject(unreadable)
  await expect(graph.updateState(configOf('t'), { other: 1 })).rejects.toMatchObject(unreadable)
  expect((await listed(saver)).length).toBe(before.length)

  const history = []
  for await (const snapshot of graph.getStateHistory(configOf('t'))) history.push(snapshot)
  expect(history).toHaveLength(before.length)
  expect(history[0]?.values).toMatchObject({ doc: unreadable, other: 3 })
  const readable = history.find(({ values, next }) => next.length === 0 && !('doc' in (values as object)))
  const { messages } = await graph.invoke(say('again'), readable?.config ?? {})
  expect(messages.map(({ text }) => text)).toEqual(['hello', 'fine', 'again', 'fine'])
})

test('a run goes on without the value once a program has left it out', async () => {
  const driver = createMemoryDriver()
  const writing = chat.compile({ checkpointer: new CairnSaver(driver, { serde: new Writing() }) })
  await writing.invoke(say('doc'), configOf('t'))
  const saver = new CairnSaver(driver, { onConflict: 'reject' })
  const { checkpoint, config, metadata: read } = await tupleOf(saver)
  delete checkpoint.channel_values['doc']
  delete checkpoint.channel_versions['doc']
  await saver.put(config, { ...checkpoint, id: uuid6(0) }, { ...metadata, ...read, source: 'update' }, {})
  const graph = chat.compile({ checkpointer: saver })
  const { messages, doc: left } = await graph.invoke(say('more'), configOf('t'))
  expect(messages.map(({ text }) => text)).toEqual(['doc', 'here', 'more', 'fine'])
  expect(left).toBeUndefined()
})

test('a history shows a checkpoint whose tasks cannot be made', async () => {
  const driver = createMemoryDriver()
  const fan = new StateGraph(State)
    .addNode('fan', () => ({ other: 1 }))
    .addNode('work', () => ({ other: 2 }))
    .addEdge(START, 'fan')
    .addConditionalEdges('fan', () => [new Send('work', { doc })])
  const writing = fan.compile({ checkpointer: new CairnSaver(driver, { serde: new Writing() }) })
  await writing.invoke({}, configOf('t'))
  const reading = fan.compile({ checkpointer: new CairnSaver(driver) })
  let count = 0
  for await (const { values } of reading.getStateHistory(configOf('t'))) {
    expect(values).toBeDefined()
    count++
  }
  expect(count).toBe(4)
})
