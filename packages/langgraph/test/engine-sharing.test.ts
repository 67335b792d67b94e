import type { StorageDriver } from '@cairnkit/core'
import { createMemoryDriver } from '@cairnkit/memory'
import { AIMessage, type BaseMessage, HumanMessage } from '@langchain/core/messages'
import type { RunnableConfig } from '@langchain/core/runnables'
import { Send } from '@langchain/langgraph'
import { describe, expect, test, vi } from 'vitest'
import { ObjectCache } from '../src/engine/objects/object-cache.js'
import { CairnSaver } from '../src/index.js'

const metadata = { source: 'loop' as const, step: 0, parents: {} }

interface Traffic {
  readonly driver: StorageDriver
  /** Bytes of keys, values and ids that crossed the border since the last look, in either direction. */
  readonly take: () => { readonly sent: number; readonly received: number; readonly objects: number }
}

/** A driver in memory that counts what crosses its border. */
function counted(): Traffic {
  const driver = createMemoryDriver()
  let [sent, received, objects] = [0, 0, 0]
  const sizeOf = (value: { bytes: Uint8Array; refs?: readonly string[] }): number =>
    value.bytes.length + 16 * (value.refs?.length ?? 0)
  const read = driver.read.bind(driver)
  const commit = driver.commit.bind(driver)
  driver.read = async (partition, reads, options) => {
    sent += 16 * (options?.known?.length ?? 0)
    const results = await read(partition, reads, options)
    for (const result of results) {
      if ('objects' in result && typeof result.objects === 'object') {
        for (const object of result.objects.values()) received += 16 + sizeOf(object)
      }
      if (result.type === 'groups') {
        for (const { record, members } of result.groups) {
          for (const one of [record, ...members])
            received += one === undefined ? 0 : one.key.join().length + sizeOf(one)
        }
      }
    }
    return results
  }
  driver.commit = async (partition, batch, options) => {
    for (const mutation of batch.mutations ?? []) {
      if ('bytes' in mutation) sent += 50 + sizeOf(mutation)
      if (mutation.type === 'object') objects += 1
    }
    return await commit(partition, batch, options)
  }
  return {
    driver,
    take: () => {
      const taken = { sent, received, objects }
      ;[sent, received, objects] = [0, 0, 0]
      return taken
    },
  }
}

let messageIds = 0

function chat(length: number, bytes = 500): BaseMessage[] {
  return Array.from({ length }, (_, at) => {
    const content = `${at} `.padEnd(bytes, 'x')
    // Where a list is cut depends on the ids, so they are the same in every run.
    messageIds += 1
    const id = `message-${messageIds}`
    return at % 2 === 0 ? new HumanMessage({ content, id }) : new AIMessage({ content, id })
  })
}

function configOf(threadId: string, checkpointId?: string): RunnableConfig {
  return {
    configurable: {
      thread_id: threadId,
      ...(checkpointId === undefined ? {} : { checkpoint_id: checkpointId }),
    },
  }
}

let next = 0

async function put(
  saver: CairnSaver,
  parent: RunnableConfig,
  messages: readonly BaseMessage[],
): Promise<RunnableConfig> {
  next += 1
  return await saver.put(
    parent,
    {
      v: 4,
      id: `c${String(next).padStart(6, '0')}`,
      ts: '2026-01-01T00:00:00.000Z',
      channel_values: { messages },
      channel_versions: { messages: next },
      versions_seen: {},
    },
    metadata,
    { messages: next },
  )
}

describe('a message is stored once', () => {
  test('whether it is in a channel, in the input, in writes or in Sends, with an id or without', async () => {
    const { driver, take } = counted()
    const saver = new CairnSaver(driver)
    const content = 'the only copy '.repeat(50)
    const message = new HumanMessage(content)
    const stored = await put(saver, configOf('t'), [])
    take()
    await saver.putWrites(stored, [['__start__', { messages: [message] }]], 'input')
    message.id = 'given later'
    message.lc_kwargs['id'] = 'given later'
    await saver.putWrites(stored, [['messages', [message]]], 'node')
    const sends = Array.from({ length: 6 }, (_, at) => new Send('tool', { at, messages: [message] }))
    await saver.putWrites(
      stored,
      sends.map((send) => ['__pregel_tasks', send]),
      'fan-out',
    )
    await put(saver, stored, [message])
    const { sent, objects } = take()
    expect(objects).toBe(1)
    expect(sent).toBeLessThan(content.length + 3500)
    const tuple = await new CairnSaver(driver).getTuple(configOf('t'))
    expect(tuple?.checkpoint.channel_values['messages']).toStrictEqual([message])
  })

  test.each([
    ['append', (list: BaseMessage[]) => [...list, ...chat(2)], 5000],
    ['replace in the middle', (list: BaseMessage[]) => list.with(200, chat(1)[0] as BaseMessage), 30_000],
    ['remove in the middle', (list: BaseMessage[]) => list.toSpliced(200, 1), 30_000],
    ['remove the first', (list: BaseMessage[]) => list.slice(1), 30_000],
    ['keep the last 300', (list: BaseMessage[]) => list.slice(-300), 30_000],
    ['insert in front', (list: BaseMessage[]) => [...chat(1), ...list], 30_000],
  ] as const)('and to %s in a list of 400 costs what changed', async (_, edit, budgetBytes) => {
    const { driver, take } = counted()
    const saver = new CairnSaver(driver)
    const list = chat(400)
    const stored = await put(saver, configOf('t'), list)
    expect(take().sent).toBeGreaterThan(200_000)
    const edited = edit(list)
    await put(saver, stored, edited)
    expect(take().sent).toBeLessThan(budgetBytes)
    const tuple = await new CairnSaver(driver).getTuple(configOf('t'))
    expect(tuple?.checkpoint.channel_values['messages']).toStrictEqual(edited)
  })
})

describe('a warm read', () => {
  test('of a thread of 400 messages moves less than 4 KB', async () => {
    const { driver, take } = counted()
    const writer = new CairnSaver(driver)
    await put(writer, configOf('t'), chat(400))
    const reader = new CairnSaver(driver)
    for (const saver of [writer, reader]) {
      await saver.getTuple(configOf('t'))
      take()
      const tuple = await saver.getTuple(configOf('t'))
      const { sent, received } = take()
      expect(tuple?.checkpoint.channel_values['messages']).toHaveLength(400)
      expect(sent + received).toBeLessThan(4096)
    }
  })

  test('after another process went on is sent the new messages and little else', async () => {
    const { driver, take } = counted()
    const [here, there] = [new CairnSaver(driver), new CairnSaver(driver)]
    const list = chat(400)
    const stored = await put(here, configOf('t'), list)
    await there.getTuple(configOf('t'))
    const more = [...list, ...chat(2)]
    await put(here, stored, more)
    take()
    const tuple = await there.getTuple(configOf('t'))
    expect(tuple?.checkpoint.channel_values['messages']).toStrictEqual(more)
    expect(take().received).toBeLessThan(16_000)
  })

  test('takes from the storage what its cache has dropped, and no more', async () => {
    const { driver, take } = counted()
    const saver = new CairnSaver(driver, { cacheBytes: 200_000 })
    await put(saver, configOf('t'), chat(400))
    const received: number[] = []
    for (let round = 0; round < 4; round++) {
      take()
      const tuple = await saver.getTuple(configOf('t'))
      expect(tuple?.checkpoint.channel_values['messages']).toHaveLength(400)
      received.push(take().received)
    }
    // Of some 220 KB it holds more than half.
    for (const bytes of received.slice(1)) {
      expect(bytes).toBeGreaterThan(20_000)
      expect(bytes).toBeLessThan(140_000)
    }
  })
})

describe('the cache', () => {
  test('keeps its limit over 1,000 threads', async () => {
    const limit = 200_000
    const caches = new Set<ObjectCache>()
    const set = vi.spyOn(ObjectCache.prototype, 'set')
    const saver = new CairnSaver(createMemoryDriver(), { cacheBytes: limit })
    let largest = 0
    for (let at = 0; at < 1000; at++) {
      await put(saver, configOf(`t${at}`), chat(6, 300))
      await saver.getTuple(configOf(`t${at}`))
      for (const cache of set.mock.contexts) caches.add(cache as ObjectCache)
      // What it remembers of its calls would hold all that the cache drops.
      set.mockClear()
      for (const cache of caches) largest = Math.max(largest, cache.costBytes)
    }
    set.mockRestore()
    expect(caches.size).toBe(1)
    expect(largest).toBeLessThanOrEqual(limit)
    expect(largest).toBeGreaterThan(limit / 2)
  })

  test('keeps nothing when it is switched off', async () => {
    const { driver, take } = counted()
    const saver = new CairnSaver(driver, { cacheBytes: 0 })
    await put(saver, configOf('t'), chat(100))
    take()
    await saver.getTuple(configOf('t'))
    const first = take().received
    await saver.getTuple(configOf('t'))
    expect(take().received).toBe(first)
    expect(first).toBeGreaterThan(50_000)
  })
})

describe('a mistake', () => {
  test('in the options, or a driver that is none, is refused at once', () => {
    const driver = createMemoryDriver()
    for (const cacheBytes of [Number.NaN, -1, 1.5, '5' as never]) {
      expect(() => new CairnSaver(driver, { cacheBytes })).toThrow(
        /cacheBytes must be a whole number of bytes/,
      )
    }
    expect(() => new CairnSaver(driver, { timeoutMs: Number.NaN })).toThrow(/timeoutMs/)
    expect(() => new CairnSaver(driver, { serde: {} as never })).toThrow(/dumpsTyped/)
    expect(() => new CairnSaver(driver, { ttl: 5 } as never)).toThrow(/no option "ttl"/)
    for (const wrong of [undefined, {}, new Map()]) {
      expect(() => new CairnSaver(wrong as never)).toThrow(/A storage driver is expected/)
    }
  })
})
