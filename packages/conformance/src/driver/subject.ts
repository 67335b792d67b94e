import assert from 'node:assert/strict'
import {
  type Batch,
  type CommitOptions,
  type Check,
  type Classification,
  type CommitResult,
  DriverFault,
  type Epoch,
  type InfoResult,
  type Mutation,
  type PartitionId,
  type Read,
  type ReadOptions,
  type ResultsOf,
  type StorageDriver,
} from '@cairnkit/core/driver'
import { same } from './same.js'

/** One partition of one driver, with the shorthands of the suites. */
export class Subject {
  readonly driver: StorageDriver
  readonly id: PartitionId

  constructor(driver: StorageDriver, id: PartitionId) {
    this.driver = driver
    this.id = id
  }

  async read<const Rs extends readonly Read[]>(...reads: Rs): Promise<ResultsOf<Rs>> {
    return await this.readWith({}, ...reads)
  }

  async readWith<const Rs extends readonly Read[]>(
    options: ReadOptions,
    ...reads: Rs
  ): Promise<ResultsOf<Rs>> {
    const results = await this.driver.read(this.id, reads, options)
    same(
      results.map(({ type }) => type),
      reads.map(({ type }) => type),
      'one result per read, in their order',
    )
    return results as ResultsOf<Rs>
  }

  async commit(batch: Batch, options: CommitOptions = {}): Promise<CommitResult> {
    return await this.driver.commit(this.id, batch, options)
  }

  /** Commits mutations that must be applied; gives the epoch. */
  async write(...mutations: readonly Mutation[]): Promise<Epoch | null> {
    const result = await this.commit({ mutations })
    assert.equal(result.ok, true, 'a commit without checks is applied')
    return result.epoch
  }

  /** Whether a commit with these checks alone passes. */
  async holds(...checks: readonly Check[]): Promise<boolean> {
    return (await this.commit({ checks })).ok
  }

  async info(): Promise<InfoResult> {
    const [info] = await this.read({ type: 'info' })
    return info
  }

  async epoch(): Promise<Epoch> {
    const { epoch } = await this.info()
    assert.ok(epoch !== null, 'there is a partition')
    return epoch
  }

  /** Fails unless every read agrees that there is no partition. */
  async assertAbsent(): Promise<void> {
    const [info, records, count, names] = await this.read(
      { type: 'info' },
      { type: 'range', prefix: [] },
      { type: 'count', prefix: [] },
      { type: 'names', prefix: [] },
    )
    same(info, { type: 'info', epoch: null, ttlMs: null, records: 0, objects: 0, dropped: false })
    same([records.records.length, count.count, names.names.length], [0, 0, 0])
  }
}

/** How a call failed, as `Keyspace` would tell it. Fails if the call succeeds. */
export async function faultOf(
  driver: StorageDriver,
  call: Promise<unknown>,
): Promise<Classification & { readonly message: string }> {
  const cause = await call.then(
    () => assert.fail('the call was to fail, and it succeeded'),
    (reason: unknown) => reason,
  )
  if (cause instanceof assert.AssertionError) throw cause
  const { code, disposition } = DriverFault.isInstance(cause) ? cause : driver.classify(cause)
  return { code, disposition, message: cause instanceof Error ? cause.message : String(cause) }
}
