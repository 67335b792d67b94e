import type { RunnableConfig } from '@langchain/core/runnables'
import type { CheckpointMetadata, CheckpointTuple } from '@langchain/langgraph-checkpoint'
import type { HeadClaim } from '../commit/head-step.js'
import type { CheckpointAddress } from './thread-config.js'

/**
 * What LangGraph hands to the subgraphs of a run that replays or forks. A subgraph whose namespace had no checkpoint then
 * is loaded without a tuple, and so named by nobody: it begins anew, however many checkpoints the namespace has by now.
 */
const REPLAY_STATE = '__pregel_replay_state'

/** Whether LangGraph asks for what a subgraph is to go on from, in a run that replays or forks. */
export function isReplay(config: RunnableConfig): boolean {
  return config.configurable?.[REPLAY_STATE] !== undefined
}

/** By namespace of a thread, the checkpoint that a run was begun on by its id. */
type Begun = Map<string, string>

/**
 * Which checkpoints were asked for by their id: what is put on one of them is a fork on purpose. Each run tells by itself
 * how it came to its checkpoint; what another call of the same process has looked at does not count.
 *
 * Nothing is added to a config, where the tests of an application would see it. LangGraph copies configs field by field,
 * so what counts is the identity of an object that it hands on as it is:
 *
 * | a put that comes from | has, as it was |
 * |---|---|
 * | the caller of the saver | the `configurable` of the tuple's config, or of its parent's |
 * | `updateState` | `metadata.parents` of the tuple |
 * | a run | `metadata` of the config with which the run asked for its checkpoint, one for each run and subgraph |
 */
export class NamedCheckpoints {
  /** Of an object of a tuple: its checkpoint if that was named, and else `undefined`. */
  readonly #given = new WeakMap<object, string | undefined>()
  readonly #begun = new WeakMap<object, Begun>()

  /** The tuple that is handed out for `asked`. `byId`: whether the caller named its checkpoint. */
  handOut(tuple: CheckpointTuple, byId: boolean, asked: RunnableConfig): CheckpointTuple {
    const { config, parentConfig } = tuple
    const id = byId ? idOf(config) : undefined
    // A serializer may give the same object twice.
    const metadata =
      tuple.metadata?.parents === undefined
        ? tuple.metadata
        : { ...tuple.metadata, parents: { ...tuple.metadata.parents } }
    this.#give(config.configurable, id)
    this.#give(metadata?.parents, id)
    // A copy of a named checkpoint is put under the parent of it.
    if (parentConfig !== undefined)
      this.#give(parentConfig.configurable, byId ? idOf(parentConfig) : undefined)
    if (id !== undefined && asked.metadata !== undefined) {
      const begun: Begun = this.#begun.get(asked.metadata) ?? new Map<string, string>()
      this.#begun.set(asked.metadata, begun.set(placeOf(config), id))
    }
    return metadata === undefined ? tuple : { ...tuple, metadata }
  }

  /**
   * What a put claims. It is a fork if its parent was named by its id, LangGraph itself calls it a fork, or it is the first one
   * of a subgraph within a replay or a fork.
   */
  claimOf(config: RunnableConfig, address: CheckpointAddress, metadata: CheckpointMetadata): HeadClaim {
    return this.#isDeclaredFork(config, address, metadata) ? 'fork' : 'head'
  }

  #isDeclaredFork(config: RunnableConfig, address: CheckpointAddress, metadata: CheckpointMetadata): boolean {
    if (metadata.source === 'fork') return true
    const { checkpointId } = address
    if (checkpointId === undefined) return isReplay(config)
    for (const object of [config.configurable, metadata.parents])
      if (object !== undefined && this.#given.has(object)) return this.#given.get(object) === checkpointId
    const begun = config.metadata === undefined ? undefined : this.#begun.get(config.metadata)
    return begun?.get(placeOf(config)) === checkpointId
  }

  #give(object: object | undefined, id: string | undefined): void {
    if (object !== undefined) this.#given.set(object, id)
  }
}

function idOf(config: RunnableConfig): string | undefined {
  const id: unknown = config.configurable?.['checkpoint_id']
  return typeof id === 'string' ? id : undefined
}

/** Thread and namespace. */
function placeOf({ configurable }: RunnableConfig): string {
  return JSON.stringify([configurable?.['thread_id'], configurable?.['checkpoint_ns'] ?? ''])
}
