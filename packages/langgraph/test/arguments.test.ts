import { createMemoryDriver } from '@cairnkit/memory'
import { emptyCheckpoint } from '@langchain/langgraph-checkpoint'
import { describe, expect, test } from 'vitest'
import { CairnSaver } from '../src/index.js'

const config = { configurable: { thread_id: 'ada', checkpoint_ns: '' } }

describe('a misspelt option is refused, with the names that there are', () => {
  const driver = createMemoryDriver()
  test.each<readonly [string, () => unknown, RegExp]>([
    ['of a saver', () => new CairnSaver(driver, { cachebytes: 1 } as never), /"cachebytes"; it has serde,/],
    [
      'of its retries',
      () => new CairnSaver(driver, { retry: { maxAttempt: 1 } } as never),
      /retry .*"maxAttempt"/,
    ],
    [
      'of its durability',
      () => new CairnSaver(driver, { durability: { replica: 1 } } as never),
      /durability .*"replica"/,
    ],
    ['of the memory driver', () => createMemoryDriver({ clok: Date.now } as never), /"clok"; it has clock/],
  ])('%s', (_, create, message) => {
    expect(create).toThrow(TypeError)
    expect(create).toThrow(message)
  })

  test('of withThread', async () => {
    const run = new CairnSaver(driver).withThread('ada', async () => 'ran', { waitMS: 1 } as never)
    await expect(run).rejects.toThrow(/withThread has no option "waitMS"; it has ttlMs, waitMs, signal/)
  })
})

test('a put without metadata is refused before anything is stored', async () => {
  const saver = new CairnSaver(createMemoryDriver())
  for (const wrong of [undefined, null, 'loop', []]) {
    const put = saver.put(config, emptyCheckpoint(), wrong as never, {})
    await expect(put).rejects.toThrow(/^put needs the metadata of the checkpoint/)
  }
  expect(await saver.getTuple(config)).toBeUndefined()
})

test('a listing of null is that of all threads', async () => {
  const saver = new CairnSaver(createMemoryDriver())
  const metadata = { source: 'loop', step: 0, parents: {} } as const
  for (const id of ['ada', 'bob']) {
    await saver.put({ configurable: { thread_id: id } }, emptyCheckpoint(), metadata, {})
  }
  const threads = new Set<unknown>()
  for await (const tuple of saver.list(null)) threads.add(tuple.config.configurable?.['thread_id'])
  expect(threads).toEqual(new Set(['ada', 'bob']))
})
