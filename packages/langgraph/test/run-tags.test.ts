import { Keyspace } from '@cairnkit/core'
import { createMemoryDriver } from '@cairnkit/memory'
import type { RunnableConfig } from '@langchain/core/runnables'
import { emptyCheckpoint } from '@langchain/langgraph-checkpoint'
import { describe, expect, it } from 'vitest'
import { CairnSaver } from '../src/index.js'
import { decodeCheckpointRecord } from '../src/records/checkpoint-record.js'
import { checkpointKey } from '../src/records/keys.js'
import { placeOf } from '../src/records/stored-data-error.js'
import { runTagsOf } from '../src/saver/run-tags.js'

const metadata = { source: 'loop' as const, step: 0, parents: {} }

describe('what a run says of itself', () => {
  it.each<[string, RunnableConfig, Record<string, string>]>([
    ['nothing', { configurable: { thread_id: 't' } }, {}],
    ['in configurable', { configurable: { user_id: 'ada', run_id: 'r1' } }, { user_id: 'ada', run_id: 'r1' }],
    ['in metadata', { metadata: { user_id: 'ada', tenant: 'x' } }, { user_id: 'ada', tenant: 'x' }],
    ['in both', { configurable: { user_id: 'ada' }, metadata: { user_id: 'bob' } }, { user_id: 'ada' }],
    ['numbers', { configurable: { user_id: 7, tenant: true } }, { user_id: '7', tenant: 'true' }],
    ['what is no text', { configurable: { user_id: { id: 1 }, run_id: null, tenant: [] } }, {}],
    ['an empty text', { configurable: { user_id: '' } }, { user_id: '' }],
  ])('%s', (_, config, tags) => {
    expect(Object.fromEntries(runTagsOf(config, ['tenant']))).toEqual(tags)
  })

  it('is stored beside the metadata, and not in it', async () => {
    await using driver = createMemoryDriver()
    const saver = new CairnSaver(driver)
    const config = { configurable: { thread_id: 't', checkpoint_ns: '', user_id: 'ada', run_id: 'r1' } }
    await saver.put(config, { ...emptyCheckpoint(), id: 'c1' }, metadata, {})
    const threads = new Keyspace(driver, ['thread'])
    const [{ record }] = await threads.partition('t').read([{ type: 'get', key: checkpointKey('', 'c1') }])
    if (record === undefined) throw new Error('the checkpoint is not there')
    const { run } = decodeCheckpointRecord(record, placeOf(threads, 't', '', 'c1'))
    expect(Object.fromEntries(run)).toEqual({ user_id: 'ada', run_id: 'r1' })
    const tuple = await saver.getTuple(config)
    expect(tuple?.metadata).toEqual(metadata)
    expect(tuple?.config.configurable).toEqual({ thread_id: 't', checkpoint_ns: '', checkpoint_id: 'c1' })
  })
})
