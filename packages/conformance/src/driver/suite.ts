import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { Keyspace } from '@cairnkit/core'
import { type PartitionId, type StorageDriver, encodePartitionId } from '@cairnkit/core/driver'
import type { TestRunner } from '../runner.js'
import type { ProxiedDriver, StorageDriverHarness } from './harness.js'
import { type Lifetime, injectedLifetime, realLifetime } from './lifetime.js'
import { Subject } from './subject.js'

/** Only what hangs takes so long, on any machine. */
const TEST_TIMEOUT_MS = 180_000

/** Where time cannot be injected a test waits this long for an expiry, and as long again to be sure. */
const REAL_TTL_MS = 250

/** Thrown by {@link DriverSuite.skip}, so that nothing of a test runs after it. */
class Skipped extends Error {
  override readonly name: string = 'Skipped'
}

/** What the files of the suite share: the runner, the driver, partitions that nobody else uses. */
export class DriverSuite {
  readonly harness: StorageDriverHarness
  readonly #runner: TestRunner
  readonly #opened: StorageDriver[] = []
  #driver: StorageDriver | undefined
  #second: StorageDriver | undefined

  constructor(runner: TestRunner, harness: StorageDriverHarness) {
    this.#runner = runner
    this.harness = harness
  }

  /** Defines the suite: `define` adds the tests. */
  describe(define: () => void): void {
    this.#runner.describe(`storage driver: ${this.harness.name}`, () => {
      this.#runner.beforeAll(async () => {
        this.#driver = await this.createDriver()
      })
      this.#runner.afterAll(async () => {
        try {
          for (const driver of this.#opened.reverse()) await driver.close()
        } finally {
          await this.harness.cleanUp?.()
        }
      })
      define()
    })
  }

  section(name: string, define: () => void): void {
    this.#runner.describe(name, define)
  }

  /** Of tests that wait more than they work, each on partitions of its own. They run at once where the runner can. */
  waitingSection(name: string, define: () => void): void {
    const { concurrent } = this.#runner.describe
    // Time that is injected passes for all of them.
    if (concurrent === undefined || this.harness.advance !== undefined) this.section(name, define)
    else concurrent(name, define)
  }

  test(name: string, test: () => Promise<void>): void {
    this.#runner.it(
      name,
      async (context) => {
        try {
          await test()
        } catch (cause) {
          if (!(cause instanceof Skipped)) throw cause
          context.skip(cause.message)
        }
      },
      TEST_TIMEOUT_MS,
    )
  }

  skip(reason: string): never {
    throw new Skipped(reason)
  }

  /** The driver under test, for use inside tests. */
  get driver(): StorageDriver {
    if (this.#driver === undefined) throw new Error('The driver is there only while tests run')
    return this.#driver
  }

  /** A driver of its own, for tests that close it or look at the whole storage. */
  async createDriver(): Promise<StorageDriver> {
    const driver = await this.harness.createDriver()
    this.#opened.push(driver)
    return driver
  }

  /** Another driver over the same data; skips the test where the harness has none. */
  async secondDriver(): Promise<StorageDriver> {
    if (this.harness.secondDriver === undefined)
      this.skip(`the storage is shared by no one: ${this.driver.capabilities.sharing}`)
    if (this.#second === undefined) {
      this.#second = await this.harness.secondDriver(this.driver)
      this.#opened.push(this.#second)
    }
    return this.#second
  }

  /** A driver behind a proxy of its own, for one test; skips the test where there is no network. */
  async throughProxy(timeoutMs: number): Promise<ProxiedDriver & AsyncDisposable> {
    const { throughProxy } = this.harness
    if (throughProxy === undefined) {
      const { sharing } = this.driver.capabilities
      this.skip(
        sharing === 'network'
          ? 'the harness opens no driver through a proxy'
          : `there is no network before the storage: ${sharing}`,
      )
    }
    const { driver, proxy } = await throughProxy(timeoutMs)
    return {
      driver,
      proxy,
      [Symbol.asyncDispose]: async () => {
        await driver.close()
        await proxy.close()
      },
    }
  }

  /** A partition that no other test uses; nothing is created. */
  fresh(driver: StorageDriver = this.driver): Subject {
    return new Subject(driver, freshId())
  }

  /** A keyspace of its own, as facades hold one. */
  keyspace(driver: StorageDriver = this.driver): Keyspace {
    return new Keyspace(driver, ['suite', randomUUID()])
  }

  /** A time to live short enough to be waited for. */
  get shortTtlMs(): number {
    return this.harness.advance === undefined ? REAL_TTL_MS : 60_000
  }

  /** A life of {@link shortTtlMs} that begins now. */
  lifetime(): Lifetime {
    const letPass = async (ms: number): Promise<void> => await this.letPass(ms)
    return this.harness.advance === undefined
      ? realLifetime(this.shortTtlMs, letPass)
      : injectedLifetime(this.shortTtlMs, letPass)
  }

  /** Returns when what was to live for {@link shortTtlMs} has expired. */
  async letExpire(): Promise<void> {
    await this.letPass(this.shortTtlMs + (this.harness.advance === undefined ? REAL_TTL_MS : 1))
  }

  async letPass(ms: number): Promise<void> {
    if (this.harness.advance === undefined) await delay(ms)
    else await this.harness.advance(ms)
  }
}

export function freshId(): PartitionId {
  return encodePartitionId(['suite', randomUUID()])
}
