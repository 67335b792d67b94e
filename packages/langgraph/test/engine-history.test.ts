import assert from 'node:assert/strict'
import { type BaseMessage, HumanMessage, RemoveMessage } from '@langchain/core/messages'
import type { RunnableConfig } from '@langchain/core/runnables'
import { createMemoryDriver } from '@cairnkit/memory'
import { type BaseCheckpointSaver, type Checkpoint, MemorySaver } from '@langchain/langgraph-checkpoint'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CairnSaver } from '../src/index.js'
import { message, plain } from './support/arbitrary-values.js'
import { seed } from './support/seed.js'

/** One step in the life of a thread. Numbers choose among what there is, by remainder. */
type Step =
  | { readonly do: 'append'; readonly messages: readonly BaseMessage[] }
  | { readonly do: 'replace'; readonly at: number; readonly by: BaseMessage }
  | { readonly do: 'remove'; readonly at: number }
  | { readonly do: 'reorder' }
  | { readonly do: 'clear' }
  | { readonly do: 'mutate'; readonly at: number; readonly text: string }
  | { readonly do: 'other'; readonly value: unknown }
  | { readonly do: 'fork'; readonly from: number }
  | { readonly do: 'copy'; readonly of: number }
  | { readonly do: 'reload'; readonly fresh: boolean }
  | { readonly do: 'delete' }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('append' as const),
      messages: fc.array(message, { minLength: 1, maxLength: 9 }),
    }),
  },
  fc.record({ do: fc.constant('replace' as const), at: fc.nat(), by: message }),
  fc.record({ do: fc.constant('remove' as const), at: fc.nat() }),
  fc.record({ do: fc.constant('reorder' as const) }),
  fc.record({ do: fc.constant('clear' as const) }),
  fc.record({ do: fc.constant('mutate' as const), at: fc.nat(), text: fc.string() }),
  fc.record({ do: fc.constant('other' as const), value: plain }),
  { weight: 2, arbitrary: fc.record({ do: fc.constant('fork' as const), from: fc.nat() }) },
  fc.record({ do: fc.constant('copy' as const), of: fc.nat() }),
  { weight: 3, arbitrary: fc.record({ do: fc.constant('reload' as const), fresh: fc.boolean() }) },
  fc.record({ do: fc.constant('delete' as const) }),
)

interface State {
  readonly messages: BaseMessage[]
  readonly other: unknown
}

const metadata = { source: 'loop' as const, step: 0, parents: {} }
const thread = { configurable: { thread_id: 'thread' } }

function at(id: string): RunnableConfig {
  return { configurable: { thread_id: 'thread', checkpoint_id: id } }
}

/** Plays one history on a saver of ours and on LangGraph's in-memory one, the way LangGraph would. */
class Play {
  readonly #driver = createMemoryDriver()
  readonly #model = new MemorySaver()
  #saver: BaseCheckpointSaver = new CairnSaver(this.#driver)
  #state: State = { messages: [], other: null }
  #versions: Record<string, number> = {}
  #head: string | undefined
  #ids: string[] = []
  #next = 0

  async step(step: Step): Promise<void> {
    const { messages } = this.#state
    switch (step.do) {
      case 'append':
        return await this.#put({ messages: [...messages, ...step.messages] }, ['messages'])
      case 'replace':
        if (messages.length > 0)
          await this.#put({ messages: messages.with(step.at % messages.length, step.by) }, ['messages'])
        return
      case 'remove':
        if (messages.length > 0)
          await this.#put({ messages: messages.toSpliced(step.at % messages.length, 1) }, ['messages'])
        return
      case 'reorder':
        return await this.#put({ messages: messages.toReversed() }, ['messages'])
      case 'clear':
        return await this.#put({ messages: [] }, ['messages'])
      case 'mutate': {
        const target = messages[step.at % Math.max(1, messages.length)]
        if (target === undefined) return
        target.content = step.text
        return await this.#put({ messages: [...messages] }, ['messages'])
      }
      case 'other':
        return await this.#put({ other: step.value }, ['other'])
      case 'fork':
        return await this.#load(this.#ids[step.from % Math.max(1, this.#ids.length)])
      case 'copy':
        return await this.#copy(this.#ids[step.of % Math.max(1, this.#ids.length)])
      case 'reload':
        if (step.fresh)
          this.#saver = new CairnSaver(this.#driver, { cacheBytes: this.#next % 2 === 0 ? 0 : 20_000 })
        return await this.#load(this.#head)
      case 'delete':
        // By another process, so that the saver learns of it by the epoch alone.
        await new CairnSaver(this.#driver).deleteThread('thread')
        await this.#model.deleteThread('thread')
        this.#ids = []
        // The run that goes on stores its whole state under a parent that is gone.
        return await this.#put({ ...this.#state }, ['messages', 'other'])
    }
  }

  /**
   * Fails unless every checkpoint, read by id and in a listing, is what the model has. Resolves to how many there are.
   */
  async verify(): Promise<number> {
    for (const saver of [
      this.#saver,
      new CairnSaver(this.#driver),
      new CairnSaver(this.#driver, { cacheBytes: 0 }),
    ]) {
      for (const id of this.#ids) {
        const expected = await this.#model.getTuple(at(id))
        const actual = await saver.getTuple(at(id))
        assert.deepStrictEqual(actual?.checkpoint, expected?.checkpoint)
        assert.deepStrictEqual(actual?.pendingWrites, expected?.pendingWrites)
      }
      const listed: unknown[] = []
      for await (const tuple of saver.list(thread)) listed.push(tuple.checkpoint)
      const expected: unknown[] = []
      for await (const tuple of this.#model.list(thread)) expected.push(tuple.checkpoint)
      assert.deepStrictEqual(listed, expected)
    }
    return this.#ids.length
  }

  async #put(change: Partial<State>, channels: readonly string[]): Promise<void> {
    const before = this.#head
    this.#state = { ...this.#state, ...change }
    this.#next += 1
    const id = `c${String(this.#next).padStart(6, '0')}`
    const newVersions = Object.fromEntries(
      channels.map((channel) => [channel, (this.#versions[channel] ?? 0) + 1]),
    )
    this.#versions = { ...this.#versions, ...newVersions }
    const parent = before === undefined ? thread : at(before)
    const checkpoint = (): Checkpoint => ({
      v: 4,
      id,
      ts: '2026-01-01T00:00:00.000Z',
      channel_values: Object.fromEntries(
        Object.entries(this.#state).filter(([channel]) => channel in this.#versions),
      ),
      channel_versions: { ...this.#versions },
      versions_seen: {},
    })
    const write: [string, unknown] = ['messages', this.#state.messages.slice(-2)]
    // In flight together, as LangGraph sends them.
    await Promise.all([
      this.#saver.put(parent, checkpoint(), metadata, newVersions),
      this.#saver.putWrites(at(id), [write, ['other', new RemoveMessage({ id: 'x' })]], 'task'),
    ])
    await this.#model.put(parent, checkpoint(), metadata)
    await this.#model.putWrites(
      { configurable: { ...at(id).configurable, checkpoint_ns: '' } },
      [write, ['other', new RemoveMessage({ id: 'x' })]],
      'task',
    )
    this.#head = id
    this.#ids.push(id)
  }

  async #load(id: string | undefined): Promise<void> {
    if (id === undefined) return
    const tuple = await this.#saver.getTuple(at(id))
    if (tuple === undefined) throw new Error(`${id} is gone`)
    const { channel_values: values, channel_versions: versions } = tuple.checkpoint
    this.#state = {
      messages: (values['messages'] as BaseMessage[] | undefined) ?? [],
      other: values['other'] ?? null,
    }
    this.#versions = { ...(versions as Record<string, number>) }
    this.#head = id
  }

  /** What LangGraph does for `__copy__`: the source's values under the source's parent, nothing new. */
  async #copy(id: string | undefined): Promise<void> {
    if (id === undefined) return
    const source = await this.#saver.getTuple(at(id))
    const modelSource = await this.#model.getTuple(at(id))
    if (source === undefined || modelSource === undefined) throw new Error(`${id} is gone`)
    this.#next += 1
    const copyId = `c${String(this.#next).padStart(6, '0')}`
    await this.#saver.put(source.parentConfig ?? thread, { ...source.checkpoint, id: copyId }, metadata, {})
    await this.#model.put(
      modelSource.parentConfig ?? thread,
      { ...modelSource.checkpoint, id: copyId },
      metadata,
    )
    this.#ids.push(copyId)
  }
}

test('any history reads back at every checkpoint as it does from MemorySaver', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), async (steps) => {
      const play = new Play()
      for (const one of steps) await play.step(one)
      await play.verify()
    }),
    { seed, numRuns: 60 },
  )
})

test('a long history of one thread does as well', async () => {
  const play = new Play()
  for (let turn = 0; turn < 60; turn++) {
    await play.step({
      do: 'append',
      messages: [new HumanMessage({ content: `message ${turn}`, id: `m${turn}` })],
    })
    if (turn % 17 === 16) await play.step({ do: 'remove', at: turn })
    if (turn % 29 === 28) await play.step({ do: 'reload', fresh: turn % 2 === 0 })
  }
  expect(await play.verify()).toBeGreaterThan(60)
})
