import { Keyspace, type Partition, type StorageDriver } from '@cairnkit/core'
import { CairnSaver, type HealedEvent } from '@cairnkit/langgraph'
import type { TestContext } from 'vitest'
import { openCell } from '../../src/cell-under-test.js'
import { ThreadPast } from '../../src/thread-past.js'
import type { Writer } from './writer.js'

const NO_PAST = 'this storage has no other copy that could come back'

export type Healing = 'off' | 'tail' | 'thread'

/** The storage of a test file, and what its tests do with threads that lose something. */
export interface Scene extends AsyncDisposable {
  readonly driver: StorageDriver
  readonly writer: (healing?: Healing, options?: { readonly onConflict?: 'reject' }) => Writer
  /** Everything that is there, as somebody sees it who remembers nothing. */
  readonly stored: (threadId: string) => Promise<Record<string, unknown>>
  readonly partition: (threadId: string) => Partition
  /** Skips the test where nothing can bring back a past. */
  readonly pastOf: (context: TestContext, threadId: string) => ThreadPast
}

/** `scope` names the test file. */
export async function openScene(scope: string): Promise<Scene> {
  const cell = await openCell(scope)
  const driver = cell.driver()
  const partition = (threadId: string): Partition => new Keyspace(driver, ['thread']).partition(threadId)
  return {
    driver,
    partition,
    writer: (healing, options = {}) => {
      const healed: HealedEvent[] = []
      const observer = { onHealed: (event: HealedEvent) => void healed.push(event) }
      const saver = new CairnSaver(driver, {
        observer,
        ...options,
        ...(healing === undefined ? {} : { healing }),
      })
      return { saver, healed }
    },
    stored: async (threadId) => {
      const found: Record<string, unknown> = {}
      for await (const tuple of new CairnSaver(driver).list({ configurable: { thread_id: threadId } })) {
        const { checkpoint_ns: namespace, checkpoint_id: id } = tuple.config.configurable ?? {}
        found[`${String(namespace)}/${String(id)}`] = {
          values: tuple.checkpoint.channel_values,
          parent: tuple.parentConfig?.configurable?.['checkpoint_id'] as unknown,
          writes: tuple.pendingWrites,
        }
      }
      return found
    },
    pastOf: (context, threadId) => {
      const { lab } = cell
      if (lab === undefined) return context.skip(NO_PAST)
      return new ThreadPast(lab, `${cell.keyPrefix}:{${partition(threadId).id}}`)
    },
    [Symbol.asyncDispose]: async () => await cell[Symbol.asyncDispose](),
  }
}
