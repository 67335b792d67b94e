import type { RunnableConfig } from '@langchain/core/runnables'
import type { PartitionCommitOptions } from '@cairnkit/core'
import { type CheckpointMetadata, getCheckpointId } from '@langchain/langgraph-checkpoint'
import { assertTtlMs } from '../expiry/ttl.js'

/** Which checkpoint a config speaks of. */
export interface CheckpointAddress {
  readonly threadId: string
  /** `''` is the root graph; subgraphs have namespaces like `child:<uuid>`. */
  readonly namespace: string
  /** `undefined` means the latest. */
  readonly checkpointId: string | undefined
}

/** Reads the address; `undefined` when the config names no thread. Throws `TypeError` on ids that are no strings. */
export function addressOf(config: RunnableConfig): CheckpointAddress | undefined {
  const threadId: unknown = config.configurable?.['thread_id']
  if (threadId === undefined) return undefined
  assertId('thread_id', threadId)
  return { threadId, namespace: namespaceOf(config) ?? '', checkpointId: checkpointIdOf(config) }
}

/** Like {@link addressOf}, for calls that cannot do without a thread. */
export function requireAddress(config: RunnableConfig, call: string): CheckpointAddress {
  const address = addressOf(config)
  if (address !== undefined) return address
  throw new TypeError(
    `${call} needs a thread: config.configurable.thread_id is missing. Pass one with every call of the graph, ` +
      `for example graph.invoke(input, { configurable: { thread_id: 'user-42' } })`,
  )
}

/** The namespace that a config asks for, `undefined` when it leaves that open. */
export function namespaceOf(config: RunnableConfig): string | undefined {
  const namespace: unknown = config.configurable?.['checkpoint_ns'] ?? undefined
  if (namespace === undefined) return undefined
  assertId('checkpoint_ns', namespace)
  return namespace
}

/** The checkpoint id that a config asks for; an empty one means none, as everywhere in LangGraph. */
export function checkpointIdOf(config: RunnableConfig): string | undefined {
  const checkpointId: unknown = getCheckpointId(config)
  if (checkpointId === '') return undefined
  assertId('checkpoint_id', checkpointId)
  return checkpointId
}

/** What one call asks for instead of the saver's durability; the keyspace says what is wrong with it. */
export function commitOptionsOf(config: RunnableConfig): PartitionCommitOptions {
  const durability = config.configurable?.['durability'] as PartitionCommitOptions['durability']
  return durability === undefined ? {} : { durability }
}

/** The life of its own that the thread is to have, in milliseconds. Throws a `TypeError` for what is none. */
export function ttlMsOf(config: RunnableConfig): number | undefined {
  const ttlMs: unknown = config.configurable?.['ttl_ms']
  if (ttlMs === undefined) return undefined
  assertTtlMs('config.configurable.ttl_ms', ttlMs)
  return ttlMs
}

/** The config under which a stored checkpoint is found again, and nothing else of the caller's. */
export function configOf(threadId: string, namespace: string, checkpointId: string): RunnableConfig {
  return { configurable: { thread_id: threadId, checkpoint_ns: namespace, checkpoint_id: checkpointId } }
}

/** Throws `TypeError` for what is no metadata: a checkpoint without them could be stored, and not be read. */
export function assertMetadata(value: unknown): asserts value is CheckpointMetadata {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return
  throw new TypeError(
    `put needs the metadata of the checkpoint, such as { source: 'update', step: 1, parents: {} }, got ${kindOf(value)}`,
  )
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  return Array.isArray(value) ? 'an array' : `a value of type ${typeof value}`
}

export function assertId(name: string, value: unknown): asserts value is string {
  if (typeof value === 'string') return
  throw new TypeError(`${name} must be a string, got ${kindOf(value)}`)
}
