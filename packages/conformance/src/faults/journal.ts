import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { type Partition, StorageError } from '@cairnkit/core'
import {
  type Batch,
  type CallOptions,
  type Classification,
  type CommitResult,
  DriverFault,
  type PartitionId,
  type StorageDriver,
  type StoredRecord,
  type Tuple,
  encodePartitionId,
} from '@cairnkit/core/driver'

/** What a call reported about its effect. */
export type Claim = 'applied' | 'not applied' | 'unknown'

/** How long a storage may take to work again after its network is whole. */
const RECOVERY_MS = 50_000

/** One partition, through a driver or a keyspace. */
interface Place {
  readonly id: PartitionId
  commit(batch: Batch, options: CallOptions): Promise<CommitResult>
  records(): Promise<readonly StoredRecord[]>
  classify(cause: unknown): Classification
}

/**
 * Writes to a partition that nobody else uses, and records what each call reported. Its assertions compare that with what is
 * stored, and throw the `AssertionError` of Node.js.
 */
export class Journal {
  readonly id: PartitionId
  /** The classification of the latest failure. */
  lastFailure: Classification | undefined
  readonly #place: Place
  readonly #claims = new Map<string, Claim>()
  #entries = 0
  /** The last entry that is known to be stored. */
  #last: Tuple | null = null

  /** Makes a journal in a new partition of a driver, without the retries of a keyspace. */
  static ofDriver(driver: StorageDriver): Journal {
    const id = encodePartitionId(['journal', randomUUID()])
    return new Journal({
      id,
      commit: (batch, options) => driver.commit(id, batch, options),
      records: async () => recordsOf(await driver.read(id, [{ type: 'range', prefix: [] }])),
      classify: (cause) => (DriverFault.isInstance(cause) ? cause : driver.classify(cause)),
    })
  }

  /** Makes a journal in a partition of a keyspace, which repeats what may be repeated. */
  static ofPartition(partition: Partition): Journal {
    return new Journal({
      id: partition.id,
      commit: (batch, options) => partition.commit(batch, options),
      records: async () => recordsOf(await partition.read([{ type: 'range', prefix: [] }])),
      classify: (cause) => {
        if (StorageError.isInstance(cause)) return cause
        throw cause
      },
    })
  }

  private constructor(place: Place) {
    this.#place = place
    this.id = place.id
  }

  /** How many calls have made each claim. */
  get tally(): Readonly<Record<Claim, number>> {
    const tally = { applied: 0, 'not applied': 0, unknown: 0 }
    for (const claim of this.#claims.values()) tally[claim] += 1
    return tally
  }

  /**
   * Adds an entry after the last known one, with a batch that must not be applied twice. It fails if the batch is rejected:
   * nobody else writes, so only the batch itself can have come before. After the claim `unknown`, {@link settle} finds out which
   * entry is the last.
   */
  async append(options: CallOptions = {}): Promise<Claim> {
    const key = ['log', String(this.#entries++).padStart(6, '0')]
    const claim = await this.#claim(key, options, [{ type: 'last', prefix: ['log'], key: this.#last }])
    if (claim === 'applied') this.#last = key
    return claim
  }

  /** Adds an entry that must not be there yet, with a batch that must not be applied twice. Fails if the batch is rejected. */
  async first(name: string, options: CallOptions = {}): Promise<Claim> {
    const key = ['first', name]
    return await this.#claim(key, options, [{ type: 'absent', key }])
  }

  /** Adds an entry that does not depend on others, with a batch that may be applied twice. */
  async note(name: string, options: CallOptions = {}): Promise<Claim> {
    return await this.#claim(['note', name], options, [])
  }

  /**
   * Waits until the storage answers again, and fails if a claim is not true. Resolves to how many of the unknown calls were
   * applied.
   */
  async settle(): Promise<number> {
    const records = await untilItWorks(async () => await this.#place.records())
    let found = 0
    const there = new Map(records.map(({ key, bytes }) => [key.join('/'), Buffer.from(bytes).toString()]))
    for (const [name, claim] of this.#claims) {
      const bytes = there.get(name)
      if (claim === 'applied') assert.ok(bytes !== undefined, `${name} was acknowledged, and is not there`)
      if (claim === 'not applied')
        assert.ok(bytes === undefined, `${name} was said not to be applied, and is there`)
      if (bytes !== undefined) assert.equal(bytes, name, `${name} holds something else`)
      if (claim === 'unknown' && there.delete(name)) found += 1
      there.delete(name)
    }
    assert.deepEqual([...there.keys()], [], 'there is what nobody wrote')
    this.#last = records.findLast(({ key }) => key[0] === 'log')?.key ?? null
    return found
  }

  async #claim(key: Tuple, options: CallOptions, checks: NonNullable<Batch['checks']>): Promise<Claim> {
    const name = key.join('/')
    // What is on its way when somebody looks may be there or not.
    this.#claims.set(name, 'unknown')
    const bytes = Buffer.from(name)
    const commit = this.#place.commit({ checks, mutations: [{ type: 'put', key, bytes }] }, options)
    const claim = await commit.then(
      (result): Claim => {
        assert.ok(result.ok, `${name} was rejected, so it has been applied before: twice, that is`)
        return 'applied'
      },
      (cause: unknown): Claim => {
        const { code, disposition } = this.#place.classify(cause)
        this.lastFailure = { code, disposition }
        return disposition === 'ambiguous' ? 'unknown' : 'not applied'
      },
    )
    this.#claims.set(name, claim)
    return claim
  }
}

/** Repeats a call until it succeeds. If that takes too long, it rejects with the last failure. */
export async function untilItWorks<T>(call: () => Promise<T>): Promise<T> {
  const startedAt = performance.now()
  for (;;) {
    try {
      return await call()
    } catch (cause) {
      if (performance.now() - startedAt > RECOVERY_MS) throw cause
    }
    await delay(20)
  }
}

function recordsOf([result]: readonly { readonly type: string }[]): readonly StoredRecord[] {
  assert.ok(result !== undefined && 'records' in result, 'a range was asked for')
  return result.records as readonly StoredRecord[]
}
