// Shared by both programs, so that ESM and CommonJS prove the same thing.
const assert = require('node:assert/strict')

/** Writes a checkpoint and reads it back. */
exports.remember = async function remember({ CairnSaver, createMemoryDriver, emptyCheckpoint }) {
  const driver = createMemoryDriver()
  const saver = new CairnSaver(driver)
  const checkpoint = { ...emptyCheckpoint(), channel_values: { name: 'Ada' }, channel_versions: { name: 1 } }
  const config = { configurable: { thread_id: 'thread', checkpoint_ns: '' } }
  const stored = await saver.put(config, checkpoint, { source: 'input', step: -1, parents: {} }, { name: 1 })
  const tuple = await saver.getTuple({ configurable: { thread_id: 'thread' } })
  assert.deepEqual(tuple.checkpoint.channel_values, { name: 'Ada' })
  assert.equal(tuple.config.configurable.checkpoint_id, stored.configurable.checkpoint_id)
  assert.equal(await saver.getTuple({ configurable: { thread_id: 'another' } }), undefined)
  await driver.close()
}

/** Every door that a user can open. */
exports.doors = [
  '@cairnkit/core',
  '@cairnkit/core/driver',
  '@cairnkit/memory',
  '@cairnkit/lmdb',
  '@cairnkit/redis-kernel',
  '@cairnkit/redis-kernel/connections',
  '@cairnkit/node-redis',
  '@cairnkit/ioredis',
  '@cairnkit/connect',
  '@cairnkit/langgraph',
  '@cairnkit/conformance',
  '@cairnkit/conformance/faults',
  '@cairnkit/conformance/programs',
]
