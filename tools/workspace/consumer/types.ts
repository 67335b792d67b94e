// Type-checked as ESM, as CommonJS and under bundler resolution against the packed packages: every public name resolves,
// and the types of one package are the types of the others.
import { describeCheckpointer, describeStorageDriver } from '@cairnkit/conformance'
import { connect } from '@cairnkit/connect'
import { Keyspace, Partition, StorageError } from '@cairnkit/core'
import type {
  Batch,
  CallOptions,
  Check,
  CommitResult,
  DriverCapabilities,
  Mutation,
  Read,
  ReadResult,
  StorageDriver,
  StorageErrorCode,
} from '@cairnkit/core'
import type * as driverDoor from '@cairnkit/core/driver'
import { createIoredisDriver } from '@cairnkit/ioredis'
import { CairnSaver } from '@cairnkit/langgraph'
import { createLmdbDriver } from '@cairnkit/lmdb'
import { createMemoryDriver } from '@cairnkit/memory'
import { createNodeRedisDriver } from '@cairnkit/node-redis'
import type { BaseCheckpointSaver, CheckpointTuple } from '@langchain/langgraph-checkpoint'

export const drivers: StorageDriver[] = [
  createMemoryDriver(),
  createLmdbDriver({ path: 'cairn' }),
  createIoredisDriver({ url: 'redis://localhost' }),
  createNodeRedisDriver({
    sentinel: { name: 'main', nodes: [{ host: 'localhost', port: 26379 }] },
    keyPrefix: 'cairn',
    connectTimeoutMs: 1000,
  }),
  createIoredisDriver({ cluster: { nodes: [{ host: 'localhost', port: 7000 }] }, commandTimeoutMs: 1000 }),
]

export const sameContract: driverDoor.StorageDriver = createMemoryDriver()

export const saver: BaseCheckpointSaver = new CairnSaver(createMemoryDriver())

export async function read(url: string): Promise<CheckpointTuple | undefined> {
  await using driver = await connect(url)
  return await new CairnSaver(driver).getTuple({ configurable: { thread_id: '1' } })
}

export function codeOf(error: unknown): StorageErrorCode | undefined {
  return StorageError.isInstance(error) ? error.code : undefined
}

export const suites: readonly unknown[] = [describeStorageDriver, describeCheckpointer, Keyspace, Partition]

export type Contract = [
  Batch,
  CallOptions,
  Check,
  CommitResult,
  DriverCapabilities,
  Mutation,
  Read,
  ReadResult,
]
