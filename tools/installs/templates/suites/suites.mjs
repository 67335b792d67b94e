// suites.mjs <driver|checkpointer> <storage> <url>: a published suite against a published driver.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { describeCheckpointer, describeStorageDriver } from '@cairnkit/conformance'
import { createIoredisDriver } from '@cairnkit/ioredis'
import { CairnSaver } from '@cairnkit/langgraph'
import { createLmdbDriver } from '@cairnkit/lmdb'
import { createMemoryDriver } from '@cairnkit/memory'
import { createNodeRedisDriver } from '@cairnkit/node-redis'
import { createRunner } from './runner.mjs'

const [suite, storage, url] = process.argv.slice(2)
const folder = await mkdtemp(join(tmpdir(), 'cairn-suites-'))

// What is in this process takes a clock that can be set; a server has its own.
let now = Date.now()
const clock = () => now
const advance = (ms) => void (now += ms)
const opened = []

const create = {
  memory: () => createMemoryDriver({ clock }),
  lmdb: () => createLmdbDriver({ path: folder, clock }),
  ioredis: () => createIoredisDriver({ url }),
  'node-redis': () => createNodeRedisDriver({ url }),
}[storage]

const createDriver = () => {
  const driver = create()
  opened.push(driver)
  return driver
}

const runner = createRunner()
if (suite === 'driver') {
  describeStorageDriver(runner, {
    name: storage,
    createDriver,
    model: () => createMemoryDriver(),
    ...(storage === 'memory' ? {} : { secondDriver: createDriver }),
    ...(storage === 'memory' || storage === 'lmdb' ? { advance } : {}),
  })
} else {
  const driver = createDriver()
  describeCheckpointer(runner, {
    name: storage,
    createCheckpointer: (options) => new CairnSaver(driver, options),
  })
}

const { passed, failed, skipped } = await runner.run()
await Promise.all(opened.map((driver) => driver.close()))
await rm(folder, { recursive: true, force: true })
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
process.exit(failed === 0 ? 0 : 1)
