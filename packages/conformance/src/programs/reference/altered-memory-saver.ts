import type { RunnableConfig } from '@langchain/core/runnables'
import {
  type ChannelVersions,
  type Checkpoint,
  type CheckpointMetadata,
  type CheckpointTuple,
  MemorySaver,
  type PendingWrite,
  copyCheckpoint,
} from '@langchain/langgraph-checkpoint'
import { CausalHeads } from './causal-heads.js'
import type { ReferenceTraits } from './reference-traits.js'

type Stored = readonly [type: string, bytes: Uint8Array]

interface StoredChannel {
  readonly version: unknown
  readonly value: Promise<Stored>
}

/** A `MemorySaver` that does some things in another way. */
export class AlteredMemorySaver extends MemorySaver {
  readonly #traits: ReferenceTraits
  /** The channels of each checkpoint, by its address. */
  readonly #stored = new Map<string, ReadonlyMap<string, StoredChannel>>()
  readonly #heads = new CausalHeads()

  constructor(traits: ReferenceTraits) {
    super()
    this.#traits = traits
  }

  override async getTuple(config: RunnableConfig): Promise<CheckpointTuple | undefined> {
    const { headBy = 'id' } = this.#traits
    const namesOne = config.configurable?.['checkpoint_id'] !== undefined
    const headId = headBy === 'id' || namesOne ? undefined : this.#heads.headOf(config)
    if (headId === undefined) return await super.getTuple(config)
    const { thread_id, checkpoint_ns = '' } = config.configurable ?? {}
    return await super.getTuple({ configurable: { thread_id, checkpoint_ns, checkpoint_id: headId } })
  }

  /** What is passed is read before the first await, as `MemorySaver` does. */
  override async put(
    config: RunnableConfig,
    checkpoint: Checkpoint,
    metadata: CheckpointMetadata,
    newVersions?: ChannelVersions,
  ): Promise<RunnableConfig> {
    const copy = copyCheckpoint(checkpoint)
    const meta = this.serde.dumpsTyped(metadata)
    const channels = this.#channelsOf(config, copy, newVersions)
    this.#heads.put(config, copy.id)
    const values = [...channels].map(async ([name, { value }]) => [name, await this.#load(value)] as const)
    copy.channel_values = Object.fromEntries(await Promise.all(values))
    return await super.put(config, copy, (await this.#load(meta)) as CheckpointMetadata)
  }

  override async putWrites(
    config: RunnableConfig,
    writes: PendingWrite[],
    taskId: string,
    taskPath?: string,
  ): Promise<void> {
    const { configurable = {} } = config
    const named =
      this.#traits.needsNamespace === false
        ? { ...config, configurable: { ...configurable, checkpoint_ns: configurable['checkpoint_ns'] ?? '' } }
        : config
    await super.putWrites(named, writes, taskId, taskPath)
  }

  override async deleteThread(threadId: string): Promise<void> {
    for (const address of this.#stored.keys()) {
      if ((JSON.parse(address) as readonly unknown[])[0] === threadId) this.#stored.delete(address)
    }
    this.#heads.forget(threadId)
    await super.deleteThread(threadId)
  }

  #channelsOf(
    config: RunnableConfig,
    checkpoint: Checkpoint,
    newVersions: ChannelVersions | undefined,
  ): ReadonlyMap<string, StoredChannel> {
    const { valuesBy = 'checkpoint' } = this.#traits
    const parent = this.#stored.get(addressOf(config, config.configurable?.['checkpoint_id']))
    const channels = new Map<string, StoredChannel>()
    for (const [channel, value] of Object.entries(checkpoint.channel_values)) {
      const version = checkpoint.channel_versions[channel]
      const held = parent?.get(channel)
      const isUnchanged = version !== undefined && newVersions !== undefined && !(channel in newVersions)
      const isCarried = valuesBy === 'version' && isUnchanged && held?.version === version
      channels.set(channel, isCarried ? held : { version, value: this.serde.dumpsTyped(value) })
    }
    this.#stored.set(addressOf(config, checkpoint.id), channels)
    return channels
  }

  async #load(value: Promise<Stored>): Promise<unknown> {
    return (await this.serde.loadsTyped(...(await value))) as unknown
  }
}

function addressOf({ configurable = {} }: RunnableConfig, checkpointId: unknown): string {
  return JSON.stringify([configurable['thread_id'], configurable['checkpoint_ns'] ?? '', checkpointId])
}
