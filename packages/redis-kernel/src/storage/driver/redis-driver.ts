import {
  type Batch,
  type CallOptions,
  type Classification,
  type CommitOptions,
  type CommitResult,
  type DriverCapabilities,
  type DurabilityRequest,
  type PartitionId,
  type Read,
  type ReadOptions,
  type ReadResult,
  type StorageDriver,
  type StorageWarning,
} from '@cairnkit/core/driver'
import { Call } from '../call.js'
import { commitBounded } from '../commit/bounded-commit.js'
import { type EncodedCommit, encodeCommit } from '../commit/commit-arguments.js'
import { decodeCommitReply, resultOfSteps } from '../commit/commit-reply.js'
import { DurableCommits } from '../commit/durable-commit.js'
import { StagedCommits } from '../commit/staged-commits.js'
import { Survey } from '../commit/survey.js'
import { PartitionKeys } from '../encoding/partition-key.js'
import { classifyFailure } from '../errors/failure.js'
import { type KernelOptions, resolveKernelOptions } from '../options/kernel-options.js'
import { PartitionReader } from '../read/partition-reader.js'
import type { RedisTransport } from '../../redis-transport.js'
import { listReply, numberReply } from '../script/reply.js'
import { PartitionScripts } from '../script/partition-scripts.js'
import { ScriptRunner } from '../script/script-runner.js'
import { faultOfStatus, status } from '../script/status.js'
import { scripts } from '../scripts.generated.js'
import { Connection } from './connection.js'
import { limits, reading, staging } from './limits.js'
import { scanPartitions } from './partition-scan.js'
import { probeServer } from './probe.js'
import { SeenPartitions } from './seen-partitions.js'

const capabilities: DriverCapabilities = Object.freeze({
  sharing: 'network',
  durability: 'server',
  partitionListing: true,
  limits,
})

/** Makes a storage driver on a transport. Throws a `TypeError` for an invalid option. */
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
  readonly #scripts: PartitionScripts
  readonly #reader: PartitionReader
  readonly #connection: Connection
  readonly #durableCommits: DurableCommits
  readonly #stagedCommits: StagedCommits
  readonly #seen = new SeenPartitions()
  #warnings: readonly StorageWarning[] = []

  constructor(transport: RedisTransport, options: KernelOptions) {
    const resolved = resolveKernelOptions(options)
    this.name = transport.name
    this.#transport = transport
    this.#commandTimeoutMs = resolved.commandTimeoutMs
    this.#keys = new PartitionKeys(resolved.keyPrefix)
    this.#runner = new ScriptRunner(transport)
    this.#scripts = new PartitionScripts(this.#runner)
    this.#durableCommits = new DurableCommits(transport, this.#scripts)
    this.#stagedCommits = new StagedCommits(transport, this.#scripts, staging.abandonedAfterMs)
    this.#reader = new PartitionReader(transport, this.#scripts, reading)
    this.#connection = new Connection(transport, resolved, async (call) => {
      this.#warnings = await probeServer(transport, this.#runner, (id) => this.#keys.encode(id), call)
    })
  }

  get warnings(): readonly StorageWarning[] {
    return this.#warnings
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
    const results = await this.#use(key, options, (call) =>
      this.#reader.read(key, reads, options.known ?? [], call),
    )
    this.#seen.add(partition)
    return results
  }

  async commit(partition: PartitionId, batch: Batch, options: CommitOptions = {}): Promise<CommitResult> {
    const key = this.#keys.encode(partition)
    const { durability } = options
    const encoded = encodeCommit(batch, { limits: staging, leavesTrace: durability !== undefined })
    const result = await this.#use(key, options, (call) =>
      commitBounded(encoded, (part) => this.#send(partition, key, part, durability, call)),
    )
    this.#seen.add(partition)
    return result
  }

  async #send(
    partition: PartitionId,
    key: Uint8Array,
    encoded: EncodedCommit,
    durability: DurabilityRequest | undefined,
    call: Call,
  ): Promise<CommitResult> {
    const commit =
      durability === undefined
        ? () => this.#commit(key, encoded, call)
        : () => this.#durableCommits.commit(key, encoded, durability, call)
    if (encoded.sweepsInSteps > 0)
      await Survey.make((args) => this.#scripts.run(scripts.survey, key, args, call), '')
    if (encoded.staged.length === 0) return await commit()
    const isOurs = this.#seen.has(partition)
    // A command that is waited for may have a connection of its own.
    const mayOvertake = durability !== undefined
    return await this.#stagedCommits.commit({ key, encoded, isOurs, mayOvertake, commit }, call)
  }

  async #commit(key: Uint8Array, { args, sweepsInSteps }: EncodedCommit, call: Call): Promise<CommitResult> {
    const reply = await this.#scripts.run(scripts.commit, key, args, call)
    const { result, marker } = decodeCommitReply(reply)
    if (marker === undefined) return result
    // It is decided, and happens: if not here, then before whatever is asked of the partition next.
    const carriedOut = await this.#scripts
      .carryOut(key, marker, call)
      .catch(() => ({ epoch: result.epoch, swept: [] }))
    return resultOfSteps(result, carriedOut, sweepsInSteps)
  }

  async drop(partition: PartitionId, options: CallOptions = {}): Promise<boolean> {
    const key = this.#keys.encode(partition)
    return await this.#use(key, options, async (call) => {
      const [code, dropped] = listReply(await this.#runner.run(scripts.drop, key, [], call))
      if (numberReply(code) !== status.ok) throw faultOfStatus(numberReply(code))
      return numberReply(dropped) === 1
    })
  }

  #use<T>(key: Uint8Array, options: CallOptions, work: (call: Call) => Promise<T>): Promise<T> {
    return this.#connection.use(options, work, () => this.#transport.progress(key))
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
