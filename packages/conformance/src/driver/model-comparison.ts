import assert from 'node:assert/strict'
import {
  type Batch,
  type CommitResult,
  DriverFault,
  type Epoch,
  type ReadResult,
  type StorageDriver,
  isIdempotent,
} from '@cairnkit/core/driver'
import fc from 'fast-check'
import { plain } from './plain.js'
import { type CommitPlan, type EpochPlan, type Step, commitPlan, finalReads, steps } from './random-steps.js'
import { type DriverSuite, freshId } from './suite.js'
import { same } from './same.js'

const RUNS = 150
const TIME_LIMIT_MS = 12_000
const UNKNOWN_EPOCH = '0'.repeat(32)

/** Random calls to the driver and to the model, side by side. `CAIRN_SEED` repeats a run. */
export function likeTheModel(suite: DriverSuite): void {
  suite.section('properties', () => {
    suite.test('every result and the final state are those of the model', async () => {
      const model = suite.harness.model()
      try {
        await check(steps, async (plan) => {
          const [actual, expected] = [new Side(suite.driver), new Side(model)]
          for (const [at, step] of [...plan, ...finalReads].entries())
            same(
              await actual.run(step),
              await expected.run(step),
              `the results of step ${at} differ: ${JSON.stringify(step)}`,
            )
        })
      } finally {
        await model.close()
      }
    })

    suite.test('an idempotent batch applied twice is the same as once', async () => {
      const plans = fc.tuple(fc.array(commitPlan, { maxLength: 3 }), commitPlan)
      await check(plans, async ([setUp, batch]) => {
        const [once, twice] = [new Side(suite.driver), new Side(suite.driver)]
        for (const step of setUp) same(await once.run(step), await twice.run(step))
        if (!isIdempotent(once.batchOf(batch))) return
        // The epochs that the plan speaks of are those from before the first time.
        const sent = twice.batchOf(batch)
        const first = await once.commit(once.batchOf(batch))
        assert.equal((await twice.commit(sent)).ok, first.ok)
        assert.equal((await twice.commit(sent)).ok, first.ok, 'the second time ends as the first')
        for (const step of finalReads)
          same(withoutEpochs(await twice.run(step)), withoutEpochs(await once.run(step)))
      })
    })
  })
}

/** One driver with a partition of its own. Epochs are told by the order in which they were first seen. */
class Side {
  readonly #driver: StorageDriver
  readonly #id = freshId()
  readonly #epochs: Epoch[] = []
  #current: Epoch | null = null

  constructor(driver: StorageDriver) {
    this.#driver = driver
  }

  /** What the step gave, or the code it failed with, in a form that is the same for every driver. */
  async run(step: Step): Promise<unknown> {
    switch (step.type) {
      case 'drop':
        return { dropped: await this.#driver.drop(this.#id) }
      case 'commit': {
        const result = await this.commit(this.batchOf(step))
        return plain({ ...comparable(result), epoch: this.#nameOf(result.epoch) })
      }
      case 'read':
        try {
          const results = await this.#driver.read(this.#id, step.reads, { known: step.known })
          return results.map((result) => this.#comparable(result))
        } catch (cause) {
          const { code } = DriverFault.isInstance(cause) ? cause : this.#driver.classify(cause)
          if (code !== 'corrupt') throw cause
          return { failed: code }
        }
    }
  }

  async commit(batch: Batch): Promise<Awaited<ReturnType<StorageDriver['commit']>>> {
    const result = await this.#driver.commit(this.#id, batch)
    this.#nameOf(result.epoch)
    return result
  }

  batchOf(plan: CommitPlan): Batch {
    return {
      checks: plan.checks.map((each) =>
        each.type === 'epoch' ? { type: 'epoch', epoch: this.#epochOf(each.plan) } : each,
      ),
      mutations: plan.mutations,
    }
  }

  #epochOf(plan: EpochPlan): Epoch | null {
    switch (plan) {
      case 'current':
        return this.#current
      case 'former':
        return this.#epochs[0] ?? UNKNOWN_EPOCH
      case 'none':
        return null
      case 'unknown':
        return UNKNOWN_EPOCH
    }
  }

  #nameOf(epoch: Epoch | null): string | null {
    this.#current = epoch
    if (epoch === null) return null
    if (!this.#epochs.includes(epoch)) this.#epochs.push(epoch)
    return `epoch ${this.#epochs.indexOf(epoch)}`
  }

  #comparable(result: ReadResult): unknown {
    if (result.type !== 'info') return plain(result)
    return plain({ ...result, epoch: this.#nameOf(result.epoch), ttlMs: roughly(result.ttlMs) })
  }
}

/** Without the order in which a sweep removed objects. */
function comparable(result: CommitResult): object {
  if (!result.ok) return result
  const { ttlMs, removed, ...rest } = result
  return {
    ...rest,
    ...(ttlMs === undefined ? {} : { ttlMs: roughly(ttlMs) }),
    ...(removed === undefined ? {} : { removed: removed.map(({ id, bytes }) => `${id} ${bytes}`).sort() }),
  }
}

/** In hours: the lifetimes of a plan are whole ones, and time passes between two drivers. */
function roughly(ttlMs: number | null): number | null {
  return ttlMs === null ? null : Math.round(ttlMs / 3_600_000)
}

/** A second sweep drops what the batch itself stored, and so may give one more epoch. */
function withoutEpochs(results: unknown): unknown {
  if (!Array.isArray(results)) return results
  return results.map((result: Record<string, unknown>) =>
    result['epoch'] === undefined ? result : { ...result, epoch: result['epoch'] === null ? null : 'some' },
  )
}

async function check<T>(values: fc.Arbitrary<T>, property: (value: T) => Promise<void>): Promise<void> {
  const seed = seedFromEnvironment() ?? Math.floor(Math.random() * 2 ** 31)
  try {
    await fc.assert(fc.asyncProperty(values, property), {
      seed,
      numRuns: RUNS,
      interruptAfterTimeLimit: TIME_LIMIT_MS,
    })
  } catch (cause) {
    const report = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`Set CAIRN_SEED=${seed} to repeat this run. ${report}`, { cause })
  }
}

function seedFromEnvironment(): number | undefined {
  const text = process.env['CAIRN_SEED']
  if (text === undefined || text === '') return undefined
  const seed = Number(text)
  if (!Number.isSafeInteger(seed)) throw new TypeError(`CAIRN_SEED must be a whole number, got ${text}`)
  return seed
}
