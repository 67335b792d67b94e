import type * as core from '@cairnkit/core'
import type { ObjectMutation, StorageDriver } from '@cairnkit/core'
import { createMemoryDriver } from '@cairnkit/memory'
import { AIMessage, type BaseMessage, HumanMessage } from '@langchain/core/messages'
import type { RunnableConfig } from '@langchain/core/runnables'
import { emptyCheckpoint, uuid6 } from '@langchain/langgraph-checkpoint'
import { expect, test, vi } from 'vitest'
import { CairnSaver, type CairnSaverOptions } from '../src/index.js'

const counts = vi.hoisted(() => ({ hashedBytes: 0 }))

vi.mock('@cairnkit/core', async (original) => {
  const actual = await original<typeof core>()
  const objectId: typeof core.objectId = (bytes, refs) => {
    counts.hashedBytes += bytes.length
    return actual.objectId(bytes, refs)
  }
  return { ...actual, objectId }
})

interface Moved {
  received: number
  sent: number
}

/** A driver that counts the bytes of objects that cross its border. */
function counted(): { driver: StorageDriver; moved: Moved } {
  const driver = createMemoryDriver()
  const moved = { received: 0, sent: 0 }
  const read = driver.read.bind(driver)
  const commit = driver.commit.bind(driver)
  driver.read = async (partition, reads, options) => {
    const results = await read(partition, reads, options)
    for (const result of results) {
      if (!('objects' in result) || typeof result.objects !== 'object') continue
      for (const { bytes } of result.objects.values()) moved.received += bytes.length
    }
    return results
  }
  driver.commit = async (partition, batch, options) => {
    const objects = (batch.mutations ?? []).filter((each): each is ObjectMutation => each.type === 'object')
    for (const { bytes } of objects) moved.sent += bytes.length
    return await commit(partition, batch, options)
  }
  return { driver, moved }
}

let made = 0

function message(bytes: number): BaseMessage {
  made += 1
  const fields = { id: `message-${made}`, content: `${made} `.padEnd(bytes, 'x') }
  return made % 2 === 0 ? new HumanMessage(fields) : new AIMessage(fields)
}

const metadata = { source: 'loop', step: 0, parents: {} } as const

function configOf(thread: string): RunnableConfig {
  return { configurable: { thread_id: thread, checkpoint_ns: '' } }
}

type Values = Record<string, unknown>

/** Puts what is new of these channels on what is there; `others` are as they were. */
async function put(
  saver: CairnSaver,
  at: RunnableConfig,
  step: number,
  values: Values,
  others: Values = {},
): Promise<RunnableConfig> {
  const newVersions = Object.fromEntries(Object.keys(values).map((channel) => [channel, step]))
  const oldVersions = Object.fromEntries(Object.keys(others).map((channel) => [channel, 1]))
  const checkpoint = {
    ...emptyCheckpoint(),
    id: uuid6(step),
    channel_values: { ...others, ...values },
    channel_versions: { ...oldVersions, ...newVersions },
  }
  return await saver.put(at, checkpoint, metadata, newVersions)
}

/** What turns cost, all of them together. */
interface Cost extends Readonly<Moved> {
  readonly hashedBytes: number
  /** What was made values of: text of JSON. */
  readonly parsedBytes: number
}

/** A chat with messages of one size. A turn is a read, a put of the question and a put of the answer. */
class Chat {
  readonly #saver: CairnSaver
  readonly #moved: Moved
  readonly #messageBytes: number
  #step = 0
  #length = 0

  constructor(saver: CairnSaver, moved: Moved, messageBytes: number) {
    this.#saver = saver
    this.#moved = moved
    this.#messageBytes = messageBytes
  }

  get stateBytes(): number {
    return this.#length * this.#messageBytes
  }

  async turns(count: number): Promise<Cost> {
    const { parse } = JSON
    let parsedBytes = 0
    // Not a spy, which would keep every text.
    JSON.parse = (text, reviver) => {
      parsedBytes += text.length
      return parse(text, reviver) as unknown
    }
    try {
      counts.hashedBytes = 0
      this.#moved.received = 0
      this.#moved.sent = 0
      for (let turn = 0; turn < count; turn++) await this.#turn(1)
      return { ...this.#moved, hashedBytes: counts.hashedBytes, parsedBytes }
    } finally {
      JSON.parse = parse
    }
  }

  async growTo(bytes: number): Promise<void> {
    const missing = Math.ceil((bytes - this.stateBytes) / this.#messageBytes)
    if (missing > 1) await this.#turn(Math.floor(missing / 2))
  }

  async #turn(news: number): Promise<void> {
    const tuple = await this.#saver.getTuple(configOf('ada'))
    let at = tuple?.config ?? configOf('ada')
    let messages = (tuple?.checkpoint.channel_values['messages'] ?? []) as BaseMessage[]
    for (const _put of ['question', 'answer']) {
      this.#step += 1
      messages = [...messages, ...Array.from({ length: news }, () => message(this.#messageBytes))]
      at = await put(this.#saver, at, this.#step, { messages })
    }
    this.#length = messages.length
  }
}

const KIB = 1024
const MB = 1_000_000
const TURNS_PER_WINDOW = 20

async function windows(
  options: CairnSaverOptions,
  count: number,
  messageBytes: number,
): Promise<(Cost & { readonly stateBytes: number })[]> {
  const { driver, moved } = counted()
  await using _ = driver
  const chat = new Chat(new CairnSaver(driver, options), moved, messageBytes)
  const measured = []
  for (let window = 0; window < count; window++)
    measured.push({ ...(await chat.turns(TURNS_PER_WINDOW)), stateBytes: chat.stateBytes })
  return measured
}

test.each<readonly [string, CairnSaverOptions]>([
  ['the default', {}],
  ['a cache that the list outgrows', { cacheBytes: 1536 * KIB }],
  ['no cache', { cacheBytes: 0 }],
  ['healing that the list outgrows', { healingBytes: 1024 * KIB }],
])(
  'a turn takes to pieces, hashes and sends what is new, however long the list is: %s',
  async (_, options) => {
    const measured = await windows(options, 10, 5 * KIB)
    const news = TURNS_PER_WINDOW * 2 * 5 * KIB
    for (const { hashedBytes, sent } of measured) {
      // Each message by itself, in a pack, and in lists that name what is in them.
      expect(hashedBytes).toBeLessThan(4 * news)
      expect(sent).toBeLessThan(4 * news)
    }
  },
)

test('a turn fetches what did not fit into the cache, and no more', async () => {
  const cacheBytes = 1536 * KIB
  const measured = await windows({ cacheBytes, healing: 'off' }, 20, 5 * KIB)
  const perTurn = measured.map(({ received }) => received / TURNS_PER_WINDOW)
  for (const [at, { stateBytes }] of measured.entries()) {
    const tooMuch = Math.max(0, stateBytes - cacheBytes / 2)
    expect(perTurn[at]).toBeLessThanOrEqual(1.2 * tooMuch)
  }
  // What is fetched more than in the window before is what the window has brought.
  const news = TURNS_PER_WINDOW * 2 * 5 * KIB
  const growth = perTurn.slice(1).map((received, at) => received - (perTurn[at] ?? 0))
  expect(Math.max(...growth)).toBeLessThan(2 * news)
})

/** The longest pack, once. */
const PACK = 32
const LISTS_BYTES = 32 * KIB

test.each([
  ['10 KB', 10_000, [4, 8, 12, 16, 20]],
  ['500 B', 500, [7, 20]],
])('a turn costs what is new up to 20 MB of messages of %s', async (_, messageBytes, sizes) => {
  const { driver, moved } = counted()
  await using __ = driver
  const chat = new Chat(new CairnSaver(driver), moved, messageBytes)
  for (const size of sizes) {
    await chat.growTo(size * MB)
    // What was brought by hundreds at once was cut for the first time.
    await chat.turns(1)
    const cost = await chat.turns(1)
    const most = 4 * 2 * messageBytes + 2 * PACK * messageBytes + LISTS_BYTES
    expect(Math.max(...Object.values(cost)), `at ${size} MB: ${JSON.stringify(cost)}`).toBeLessThan(most)
  }
})

test('a turn fetches what did not fit, however many pieces did', async () => {
  const cacheBytes = 8 * MB
  const { driver, moved } = counted()
  await using _ = driver
  const chat = new Chat(new CairnSaver(driver, { cacheBytes }), moved, 500)
  for (const size of [4, 8]) {
    await chat.growTo(size * MB)
    await chat.turns(1)
    const { received, parsedBytes } = await chat.turns(1)
    const tooMuch = Math.max(0, chat.stateBytes - cacheBytes / 3)
    expect(received).toBeLessThan(1.3 * tooMuch + LISTS_BYTES)
    expect(parsedBytes).toBeLessThan(1.3 * tooMuch + LISTS_BYTES)
  }
})

test('a turn fetches no channel that it has, however many there are', async () => {
  const { driver, moved } = counted()
  await using _ = driver
  const saver = new CairnSaver(driver)
  const documents = Array.from({ length: 600 }, (_each, at) => [`document ${at}`, `${at} `.padEnd(2000, 'x')])
  await put(saver, configOf('ada'), 1, Object.fromEntries(documents) as Values)
  moved.received = 0
  const tuple = await saver.getTuple(configOf('ada'))
  expect(Object.keys(tuple?.checkpoint.channel_values ?? {})).toHaveLength(600)
  expect(moved.received).toBe(0)
})

test('what a run holds is not sent again when many other threads are put between two of its puts', async () => {
  const { driver, moved } = counted()
  await using _ = driver
  const saver = new CairnSaver(driver, { cacheBytes: 8 * MB })
  const documents = Object.fromEntries(
    Array.from({ length: 40 }, (_each, at) => [`document ${at}`, `${at} `.padEnd(200, 'x')]),
  )
  const messages = Array.from({ length: 600 }, () => message(1000))
  const begun = await put(saver, configOf('ada'), 1, { ...documents, messages })
  for (let other = 0; other < 24; other++) {
    const channels = Object.fromEntries(Array.from({ length: 45 }, (_each, at) => [`channel ${at}`, at]))
    await put(saver, configOf(`other ${other}`), 1, channels)
  }
  moved.sent = 0
  await put(saver, begun, 2, { messages: [...messages, message(1000)] }, documents)
  expect(moved.sent).toBeLessThan(2 * PACK * 1000)
})
