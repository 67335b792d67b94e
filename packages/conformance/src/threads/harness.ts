import type { StorageDriver } from '@cairnkit/core'
import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint'

/** A thread, as far as the suite looks at it. */
export interface ListedThread {
  readonly threadId: string
  readonly thread_id: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly metadata: Readonly<Record<string, unknown>>
  readonly status: string
  readonly preview: string | undefined
  readonly interrupts: Readonly<Record<string, readonly unknown[]>>
  readonly ttlMs: number | null
  readonly expiresAt: string | null
  readonly isPinned: boolean
}

export interface ListedPage {
  readonly threads: readonly ListedThread[]
  readonly cursor: string | undefined
}

interface Query {
  readonly where?: Readonly<Record<string, string>>
  readonly sortBy?: 'created_at' | 'updated_at'
  readonly sortOrder?: 'asc' | 'desc'
  readonly cursor?: string | undefined
  readonly limit?: number
}

/** The directory of threads under test; `CairnThreads` fits. */
export interface ThreadsUnderTest {
  get(threadId: string): Promise<ListedThread>
  create(options?: {
    readonly threadId?: string
    readonly ifExists?: 'raise' | 'do_nothing'
    readonly metadata?: Readonly<Record<string, unknown>>
    readonly ttlMs?: number
  }): Promise<ListedThread>
  update(
    threadId: string,
    options: { readonly metadata?: Readonly<Record<string, unknown>>; readonly ttlMs?: number | null },
  ): Promise<ListedThread>
  set(
    threadId: string,
    options: { readonly kind: 'put' | 'patch'; readonly metadata?: Readonly<Record<string, unknown>> },
  ): Promise<ListedThread>
  delete(threadId: string): Promise<void>
  deleteMany(options: {
    readonly where: Readonly<Record<string, string>>
  }): Promise<{ readonly deleted: number }>
  copy(source: string, target?: string): Promise<ListedThread>
  count(options?: { readonly where?: Readonly<Record<string, string>> }): Promise<number>
  list(options?: Query): Promise<ListedPage>
  search(options?: {
    readonly metadata?: Readonly<Record<string, unknown>>
    readonly limit?: number
    readonly offset?: number
    readonly sortOrder?: 'asc' | 'desc'
  }): AsyncGenerator<{ readonly thread: ListedThread; readonly total: number }>
  pin(threadId: string): Promise<void>
  unpin(threadId: string): Promise<void>
  reindex(): Promise<unknown>
  flush(): Promise<void>
}

export interface ThreadsOptions {
  readonly index?: readonly string[]
  readonly preview?: (values: Readonly<Record<string, unknown>>) => string
  readonly shards?: number
}

/** Gives the suite access to the directory under test. */
export interface ThreadsHarness {
  /** Appears in the titles of the tests. */
  readonly name: string
  /** A driver over a storage that nothing else uses. All that are made in one run share the storage. */
  createDriver(): StorageDriver | Promise<StorageDriver>
  createThreads(driver: StorageDriver, options: ThreadsOptions): ThreadsUnderTest
  /** A saver that tells a directory; `undefined`: none. */
  createSaver(driver: StorageDriver, threads: ThreadsUnderTest | undefined): BaseCheckpointSaver
}
