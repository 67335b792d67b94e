import type * as core from '@cairnkit/core'
import type { ObjectMutation, StorageDriver } from '@cairnkit/core'
import { createMemoryDriver } from '@cairnkit/memory'
import { AIMessage, type BaseMessage, HumanMessage } from '@langchain/core/messages'
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

/** A driver that counts the bytes of objects that cross its border. */
function counted(): { driver: StorageDriver; moved: { received: number; sent: number } } {
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
const config = { configurable: { thread_id: 'ada', checkpoint_ns: '' } }

interface Window {
  readonly hashedBytes: number
  readonly received: number
  readonly sent: number
  readonly stateBytes: number
}

const TURNS_PER_WINDOW = 20

/** What windows of turns cost, each turn with a read, a put of the question and a put of the answer. */
async function windows(options: CairnSaverOptions, count: number, messageBytes: number): Promise<Window[]> {
  const { driver, moved } = counted()
  await using _ = driver
  const saver = new CairnSaver(driver, options)
  const measured: Window[] = []
  let turn = 0
  for (let window = 0; window < count; window++) {
    counts.hashedBytes = 0
    moved.received = 0
    moved.sent = 0
    for (let each = 0; each < TURNS_PER_WINDOW; each++) {
      const tuple = await saver.getTuple(config)
      let at = tuple?.config ?? config
      let messages = (tuple?.checkpoint.channel_values['messages'] ?? []) as BaseMessage[]
      for (const _put of ['question', 'answer']) {
        turn += 1
        messages = [...messages, message(messageBytes)]
        const versions = { messages: turn }
        const checkpoint = {
          ...emptyCheckpoint(),
          id: uuid6(turn),
          channel_values: { messages },
          channel_versions: versions,
        }
        at = await saver.put(at, checkpoint, metadata, versions)
      }
    }
    measured.push({ ...moved, hashedBytes: counts.hashedBytes, stateBytes: turn * messageBytes })
  }
  return measured
}

const KIB = 1024

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
