// Type-checked against the packed packages with every compiler and under every resolution that users have: every public name
// resolves, through every door, and the types of one package are the types of the others.
import { describeCheckpointer, describeStorageDriver } from '@cairnkit/conformance'
import { FaultProxy } from '@cairnkit/conformance/faults'
import { describePrograms } from '@cairnkit/conformance/programs'
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
import { createRedisDriver } from '@cairnkit/redis-kernel'
import { createTransport } from '@cairnkit/redis-kernel/connections'
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

export const suites: readonly unknown[] = [describeStorageDriver, describeCheckpointer, describePrograms]

/** What TypeScript knows nothing of is `any`, and would take this number. */
type Known<T> = 0 extends 1 & T ? never : T

export const known: [
  Known<typeof Keyspace>,
  Known<typeof Partition>,
  Known<typeof FaultProxy>,
  Known<typeof createRedisDriver>,
  Known<typeof createTransport>,
  Known<typeof describePrograms>,
] = [Keyspace, Partition, FaultProxy, createRedisDriver, createTransport, describePrograms]

export const config: Known<Parameters<CairnSaver['getTuple']>[0]> = {
  configurable: { thread_id: '1' },
}

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
