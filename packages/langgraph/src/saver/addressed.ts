import type { RunnableConfig } from '@langchain/core/runnables'
import type { CheckpointMetadata, CheckpointTuple } from '@langchain/langgraph-checkpoint'
import type { CheckpointAddress } from './thread-config.js'

/**
 * The id of a checkpoint that was asked for by its id. LangGraph copies the `configurable` of the tuple that it was given
 * into the config of each put that it makes of it, so the mark tells for each run by itself how it came to its checkpoint:
 * what another call of the same process has looked at does not count.
 */
const ADDRESSED = Symbol.for('@cairnkit/langgraph/addressed')

/**
 * What LangGraph hands to the subgraphs of a run that replays or forks. A subgraph whose namespace had no checkpoint then
 * is loaded without a tuple, and so without a mark: it begins anew, however many checkpoints the namespace has by now.
 */
const REPLAY_STATE = '__pregel_replay_state'

type Marked = { readonly [ADDRESSED]?: unknown } | undefined

/** `byId`: whether the caller, whose config is `asked`, named the checkpoint. */
export function markAddressed(tuple: CheckpointTuple, byId: boolean, asked: RunnableConfig): CheckpointTuple {
  // An older mark in the caller's own config must not shine through.
  if (!byId && (asked.configurable as Marked)?.[ADDRESSED] === undefined) return tuple
  const { config, parentConfig } = tuple
  return {
    ...tuple,
    config: marked(config, byId),
    // A copy of a named checkpoint is put under the parent of it.
    ...(parentConfig === undefined ? {} : { parentConfig: marked(parentConfig, byId) }),
  }
}

/**
 * Whether a put may leave the newest checkpoint aside: its parent was named by its id, LangGraph itself calls it a fork, or
 * it is the first one of a subgraph within a replay or a fork.
 */
export function isDeclaredFork(
  config: RunnableConfig,
  address: CheckpointAddress,
  metadata: CheckpointMetadata,
): boolean {
  if (metadata.source === 'fork') return true
  if (address.checkpointId === undefined) return config.configurable?.[REPLAY_STATE] !== undefined
  const mark = (config.configurable as Marked)?.[ADDRESSED]
  return mark !== undefined && mark === address.checkpointId
}

function marked(config: RunnableConfig, byId: boolean): RunnableConfig {
  const id: unknown = byId ? config.configurable?.['checkpoint_id'] : undefined
  return { ...config, configurable: { ...config.configurable, [ADDRESSED]: id } }
}
