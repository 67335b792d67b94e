import type { RunnableConfig } from '@langchain/core/runnables'
import type {
  BaseCheckpointSaver,
  Checkpoint,
  CheckpointMetadata,
  CheckpointTuple,
} from '@langchain/langgraph-checkpoint'
import type { TestRunner } from '../runner.js'
import type { CheckpointerHarness, CheckpointerOptions } from './harness.js'

/** What a test works with: a thread of its own, and as many checkpointers over one storage as it wants. */
export interface Scene {
  readonly saver: BaseCheckpointSaver
  readonly threadId: string
  /** Another checkpointer over the same storage, which remembers nothing. */
  readonly another: (options?: CheckpointerOptions) => Promise<BaseCheckpointSaver>
  readonly config: (checkpointId?: string, namespace?: string) => RunnableConfig
}

export interface CheckpointerSuite {
  readonly runner: TestRunner
  readonly test: (title: string, body: (scene: Scene) => Promise<void>) => void
}

/** Generous: the longest test makes some 1500 calls, one after the other. */
const TEST_TIMEOUT_MS = 120_000

export function suiteOf(runner: TestRunner, harness: CheckpointerHarness): CheckpointerSuite {
  return {
    runner,
    test: (title, body) => runner.it(title, async () => await play(harness, body), TEST_TIMEOUT_MS),
  }
}

async function play(harness: CheckpointerHarness, body: (scene: Scene) => Promise<void>): Promise<void> {
  const created: BaseCheckpointSaver[] = []
  const create = async (options?: CheckpointerOptions): Promise<BaseCheckpointSaver> => {
    const saver = await harness.createCheckpointer(options)
    created.push(saver)
    return saver
  }
  const threadId = uniqueId('thread')
  try {
    const saver = await create()
    await body({
      saver,
      threadId,
      another: create,
      config: (checkpointId, namespace = '') => configOf(threadId, checkpointId, namespace),
    })
    // What a serializer of the test wrote would be in the way of whoever lists all threads.
    await saver.deleteThread(threadId)
  } finally {
    for (const saver of created) await harness.destroyCheckpointer?.(saver)
  }
}

let ids = 0

/** Unique in this process and, but for chance, in every other one that shares the storage. */
export function uniqueId(kind: string): string {
  ids += 1
  return `${kind}-${ids}-${crypto.randomUUID()}`
}

export function configOf(threadId: string, checkpointId?: string, namespace = ''): RunnableConfig {
  return {
    configurable: {
      thread_id: threadId,
      checkpoint_ns: namespace,
      ...(checkpointId === undefined ? {} : { checkpoint_id: checkpointId }),
    },
  }
}

/** A checkpoint whose channels all have the version 1, unless versions are given. */
export function checkpointOf(
  id: string,
  values: Readonly<Record<string, unknown>> = {},
  versions: Readonly<Record<string, number | string>> = versionsOf(values),
): Checkpoint {
  return {
    v: 4,
    id,
    ts: '2026-01-01T00:00:00.000Z',
    channel_values: { ...values },
    channel_versions: { ...versions },
    versions_seen: {},
  }
}

export function versionsOf(values: Readonly<Record<string, unknown>>, version = 1): Record<string, number> {
  return Object.fromEntries(Object.keys(values).map((channel) => [channel, version]))
}

export const metadata: CheckpointMetadata = Object.freeze({ source: 'loop', step: 0, parents: {} })

/** Stores a checkpoint all of whose channels are new. Resolves to its config. */
export async function putAll(
  saver: BaseCheckpointSaver,
  parent: RunnableConfig,
  id: string,
  values: Readonly<Record<string, unknown>> = {},
  meta: CheckpointMetadata = metadata,
): Promise<RunnableConfig> {
  return await saver.put(parent, checkpointOf(id, values), meta, versionsOf(values))
}

export async function collect(tuples: AsyncIterable<CheckpointTuple>): Promise<CheckpointTuple[]> {
  const collected: CheckpointTuple[] = []
  for await (const tuple of tuples) collected.push(tuple)
  return collected
}

export async function idsOf(tuples: AsyncIterable<CheckpointTuple>): Promise<string[]> {
  return (await collect(tuples)).map((tuple) => tuple.checkpoint.id)
}

/** The tuple, or a failure that says that there is none. */
export async function mustGet(saver: BaseCheckpointSaver, config: RunnableConfig): Promise<CheckpointTuple> {
  const tuple = await saver.getTuple(config)
  if (tuple === undefined)
    throw new Error(`There is no checkpoint for ${JSON.stringify(config.configurable)}`)
  return tuple
}
