import type {
  Batch,
  CallOptions,
  Classification,
  CommitOptions,
  CommitResult,
  DriverCapabilities,
  PartitionId,
  Read,
  ReadOptions,
  ReadResult,
  StorageDriver,
} from '@cairnkit/core/driver'

/** A call of a driver that has ended. */
export interface ObservedCall {
  readonly operation: 'open' | 'close' | 'read' | 'commit' | 'drop' | 'partitions'
  readonly tookMs: number
  /** What the failure means; `undefined` when there was none. */
  readonly failure: Classification | undefined
}

/**
 * Tells of every call of another driver, and changes nothing about it: the model of a wrapper. A call is passed on before
 * this returns, because a driver takes what it is given at the moment of the call.
 */
export class ObservedDriver implements StorageDriver {
  readonly name: string
  readonly capabilities: DriverCapabilities
  readonly #driver: StorageDriver
  readonly #tell: (call: ObservedCall) => void
  readonly #clock: () => number

  /** @param tell Called once for each call, when it has ended. It must not throw. */
  constructor(
    driver: StorageDriver,
    tell: (call: ObservedCall) => void,
    clock: () => number = () => performance.now(),
  ) {
    this.name = driver.name
    this.capabilities = driver.capabilities
    this.#driver = driver
    this.#tell = tell
    this.#clock = clock
  }

  async open(options?: CallOptions): Promise<void> {
    await this.#observe('open', () => this.#driver.open(options))
  }

  async close(options?: CallOptions): Promise<void> {
    await this.#observe('close', () => this.#driver.close(options))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async read(partition: PartitionId, reads: readonly Read[], options?: ReadOptions): Promise<ReadResult[]> {
    return await this.#observe('read', () => this.#driver.read(partition, reads, options))
  }

  async commit(partition: PartitionId, batch: Batch, options?: CommitOptions): Promise<CommitResult> {
    return await this.#observe('commit', () => this.#driver.commit(partition, batch, options))
  }

  async drop(partition: PartitionId, options?: CallOptions): Promise<boolean> {
    return await this.#observe('drop', () => this.#driver.drop(partition, options))
  }

  /** One call for a whole listing, which has ended when its reader has what it wants. */
  async *partitions(prefix: string, options?: CallOptions): AsyncGenerator<PartitionId> {
    const begin = this.#clock()
    let failure: Classification | undefined
    try {
      yield* this.#driver.partitions(prefix, options)
    } catch (cause) {
      failure = this.classify(cause)
      throw cause
    } finally {
      this.#tell({ operation: 'partitions', tookMs: this.#clock() - begin, failure })
    }
  }

  classify(cause: unknown): Classification {
    return this.#driver.classify(cause)
  }

  async #observe<T>(operation: ObservedCall['operation'], call: () => Promise<T>): Promise<T> {
    const begin = this.#clock()
    let failure: Classification | undefined
    try {
      return await call()
    } catch (cause) {
      failure = this.classify(cause)
      throw cause
    } finally {
      this.#tell({ operation, tookMs: this.#clock() - begin, failure })
    }
  }
}
