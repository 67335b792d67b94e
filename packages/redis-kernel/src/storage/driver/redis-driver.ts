import {
  type Batch,
  type CallOptions,
  type Classification,
  type CommitOptions,
  type CommitResult,
  type DriverCapabilities,
  type PartitionId,
  type Read,
  type ReadOptions,
  type ReadResult,
  type StorageDriver,
} from '@cairnkit/core/driver'
import { Call } from '../call.js'
import { commitArguments } from '../commit/commit-arguments.js'
import { commitResult } from '../commit/commit-reply.js'
import { DurableCommits } from '../commit/durable-commit.js'
import { PartitionKeys } from '../encoding/partition-key.js'
import { classifyFailure } from '../errors/failure.js'
import { type KernelOptions, resolveKernelOptions } from '../options/kernel-options.js'
import { PartitionReader } from '../read/partition-reader.js'
import type { RedisTransport } from '../../redis-transport.js'
import { listReply, numberReply } from '../script/reply.js'
import { ScriptRunner } from '../script/script-runner.js'
import { faultOfStatus, status } from '../script/status.js'
import { scripts } from '../scripts.generated.js'
import { Connection } from './connection.js'
import { CLOSURE_BUDGET_BYTES, MAX_PART_BYTES, limits } from './limits.js'
import { scanPartitions } from './partition-scan.js'
import { probeServer } from './probe.js'

const capabilities: DriverCapabilities = Object.freeze({
  sharing: 'network',
  durability: 'server',
  partitionListing: true,
  limits,
})

/**
 * The storage driver over a transport. Throws `TypeError` for options that are not of their kind.
 */
export function createRedisDriver(transport: RedisTransport, options: KernelOptions = {}): StorageDriver {
  return new RedisDriver(transport, options)
}

class RedisDriver implements StorageDriver {
  readonly name: string
  readonly capabilities = capabilities
  readonly #transport: RedisTransport
  readonly #commandTimeoutMs: number
  readonly #keys: PartitionKeys
  readonly #runner: ScriptRunner
  readonly #reader: PartitionReader
  readonly #connection: Connection
  readonly #durableCommits: DurableCommits

  constructor(transport: RedisTransport, options: KernelOptions) {
    const resolved = resolveKernelOptions(options)
    this.name = transport.name
    this.#transport = transport
    this.#commandTimeoutMs = resolved.commandTimeoutMs
    this.#keys = new PartitionKeys(resolved.keyPrefix)
    this.#runner = new ScriptRunner(transport)
    this.#durableCommits = new DurableCommits(transport, this.#runner)
    this.#reader = new PartitionReader(transport, this.#runner, CLOSURE_BUDGET_BYTES)
    this.#connection = new Connection(transport, resolved, (call) =>
      probeServer(this.#runner, (id) => this.#keys.encode(id), call),
    )
  }

  async open(options: CallOptions = {}): Promise<void> {
    await this.#connection.use(options, async () => {})
  }

  async close(options: CallOptions = {}): Promise<void> {
    await this.#connection.close(options)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async read(
    partition: PartitionId,
    reads: readonly Read[],
    options: ReadOptions = {},
  ): Promise<ReadResult[]> {
    const key = this.#keys.encode(partition)
    return await this.#connection.use(options, (call) =>
      this.#reader.read(key, reads, options.known ?? [], call),
    )
  }

  async commit(partition: PartitionId, batch: Batch, options: CommitOptions = {}): Promise<CommitResult> {
    const key = this.#keys.encode(partition)
    const { durability } = options
    const args = commitArguments(batch, MAX_PART_BYTES, durability !== undefined)
    if (durability !== undefined) {
      return await this.#connection.use(options, (call) =>
        this.#durableCommits.commit(key, args, durability, call),
      )
    }
    return commitResult(
      await this.#connection.use(options, (call) => this.#runner.run(scripts.commit, key, args, call)),
    )
  }

  async drop(partition: PartitionId, options: CallOptions = {}): Promise<boolean> {
    const key = this.#keys.encode(partition)
    return await this.#connection.use(options, async (call) => {
      const [code, dropped] = listReply(await this.#runner.run(scripts.drop, key, [], call))
      if (numberReply(code) !== status.ok) throw faultOfStatus(numberReply(code))
      return numberReply(dropped) === 1
    })
  }

  async *partitions(prefix: string, options: CallOptions = {}): AsyncGenerator<PartitionId> {
    await this.open(options)
    yield* scanPartitions(
      this.#transport,
      this.#keys,
      prefix,
      () => new Call(options, this.#commandTimeoutMs),
    )
  }

  classify(cause: unknown): Classification {
    return classifyFailure(cause, this.#transport)
  }
}
