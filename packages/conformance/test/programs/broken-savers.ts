import type { RunnableConfig } from '@langchain/core/runnables'
import {
  type ChannelVersions,
  type Checkpoint,
  type CheckpointListOptions,
  type CheckpointMetadata,
  type CheckpointTuple,
  type DeltaChannelHistory,
  MemorySaver,
  type PendingWrite,
} from '@langchain/langgraph-checkpoint'

/** A saver that does one thing wrong, and what that is. */
export interface BrokenSaver {
  readonly name: string
  readonly create: () => MemorySaver
}

const isDelta = (channel: string): boolean => channel === 'events' || channel === 'chat'

/** Ways to be wrong that people have found in savers, each one in a saver that is right otherwise. */
export const brokenSavers: readonly BrokenSaver[] = [
  {
    name: 'loses the last of several writes of a task',
    create: () =>
      new (class extends MemorySaver {
        override async putWrites(
          config: RunnableConfig,
          writes: PendingWrite[],
          taskId: string,
          path?: string,
        ) {
          await super.putWrites(config, writes.length > 1 ? writes.slice(0, -1) : writes, taskId, path)
        }
      })(),
  },
  {
    name: 'lets a fork see the values of its sibling',
    create: () =>
      new (class extends MemorySaver {
        readonly #newest = new Map<string, Map<string, unknown>>()
        override async put(
          config: RunnableConfig,
          checkpoint: Checkpoint,
          metadata: CheckpointMetadata,
          newVersions?: ChannelVersions,
        ) {
          // Unchanged channels come from whatever was stored last, not from the parent.
          const key = JSON.stringify([
            config.configurable?.['thread_id'],
            config.configurable?.['checkpoint_ns'],
          ])
          const newest = this.#newest.get(key) ?? new Map<string, unknown>()
          this.#newest.set(key, newest)
          const values = Object.entries(checkpoint.channel_values).map(
            ([channel, value]): [string, unknown] => {
              const isNew = newVersions === undefined || channel in newVersions
              if (isNew || !newest.has(channel)) newest.set(channel, value)
              return [channel, newest.get(channel)]
            },
          )
          return await super.put(
            config,
            { ...checkpoint, channel_values: Object.fromEntries(values) },
            metadata,
          )
        }
      })(),
  },
  {
    name: 'names the newest checkpoint as the parent of every put',
    create: () =>
      new (class extends MemorySaver {
        override async put(config: RunnableConfig, checkpoint: Checkpoint, metadata: CheckpointMetadata) {
          const { configurable } = config
          const ids = Object.keys(
            this.storage[String(configurable?.['thread_id'])]?.[
              String(configurable?.['checkpoint_ns'] ?? '')
            ] ?? {},
          ).toSorted()
          const parent = ids.length === 0 ? {} : { checkpoint_id: ids.at(-1) }
          return await super.put(
            { ...config, configurable: { ...configurable, ...parent } },
            checkpoint,
            metadata,
          )
        }
      })(),
  },
  {
    name: 'gives the checkpoint that was stored last for the one that was asked for',
    create: () =>
      new (class extends MemorySaver {
        override async getTuple(config: RunnableConfig): Promise<CheckpointTuple | undefined> {
          const { thread_id, checkpoint_ns } = config.configurable ?? {}
          return await super.getTuple({ configurable: { thread_id, checkpoint_ns } })
        }
      })(),
  },
  {
    name: 'forgets who is the parent',
    create: () =>
      new (class extends MemorySaver {
        override async put(config: RunnableConfig, checkpoint: Checkpoint, metadata: CheckpointMetadata) {
          const { checkpoint_id: _left, ...configurable } = config.configurable ?? {}
          return await super.put({ ...config, configurable }, checkpoint, metadata)
        }
      })(),
  },
  {
    name: 'shares one namespace among all subgraphs',
    create: () =>
      new (class extends MemorySaver {
        override async getTuple(config: RunnableConfig): Promise<CheckpointTuple | undefined> {
          return await super.getTuple(renamed(config))
        }
        override async put(config: RunnableConfig, checkpoint: Checkpoint, metadata: CheckpointMetadata) {
          return await super.put(renamed(config), checkpoint, metadata)
        }
        override async putWrites(
          config: RunnableConfig,
          writes: PendingWrite[],
          taskId: string,
          path?: string,
        ) {
          await super.putWrites(renamed(config), writes, taskId, path)
        }
      })(),
  },
  {
    name: 'keeps the first of the special writes',
    create: () =>
      new (class extends MemorySaver {
        readonly #seen = new Set<string>()
        override async putWrites(
          config: RunnableConfig,
          writes: PendingWrite[],
          taskId: string,
          path?: string,
        ) {
          const { thread_id, checkpoint_ns, checkpoint_id } = config.configurable ?? {}
          const kept = writes.filter(([channel]) => {
            const key = JSON.stringify([thread_id, checkpoint_ns, checkpoint_id, taskId, channel])
            if (!channel.startsWith('__')) return true
            if (this.#seen.has(key)) return false
            this.#seen.add(key)
            return true
          })
          await super.putWrites(config, kept, taskId, path)
        }
      })(),
  },
  {
    name: 'leaves the first checkpoint of a thread that is deleted',
    create: () =>
      new (class extends MemorySaver {
        override async deleteThread(threadId: string): Promise<void> {
          const [first] = Object.keys(this.storage[threadId]?.[''] ?? {}).toSorted()
          const kept = first === undefined ? undefined : this.storage[threadId]?.['']?.[first]
          await super.deleteThread(threadId)
          if (first !== undefined && kept !== undefined) this.storage[threadId] = { '': { [first]: kept } }
        }
      })(),
  },
  {
    name: 'lists a checkpoint too few when there is a limit',
    create: () =>
      new (class extends MemorySaver {
        override async *list(config: RunnableConfig, options?: CheckpointListOptions) {
          const limit = options?.limit === undefined ? undefined : Math.max(0, options.limit - 1)
          yield* super.list(config, { ...options, ...(limit === undefined ? {} : { limit }) })
        }
      })(),
  },
  {
    name: 'includes the checkpoint that a listing is to be before',
    create: () =>
      new (class extends MemorySaver {
        override async *list(config: RunnableConfig, options?: CheckpointListOptions) {
          const id: unknown = options?.before?.configurable?.['checkpoint_id']
          const before = typeof id === 'string' ? { configurable: { checkpoint_id: `${id}~` } } : undefined
          yield* super.list(config, { ...options, ...(before === undefined ? {} : { before }) })
        }
      })(),
  },
  {
    name: 'forgets the oldest write of a delta channel',
    create: () =>
      new (class extends MemorySaver {
        override async getDeltaChannelHistory(options: { config: RunnableConfig; channels: string[] }) {
          const histories = await super.getDeltaChannelHistory(options)
          const entries = Object.entries(histories).map(
            ([channel, history]): [string, DeltaChannelHistory] => [
              channel,
              history.writes.length > 1 ? { ...history, writes: history.writes.slice(1) } : history,
            ],
          )
          return Object.fromEntries(entries)
        }
      })(),
  },
  {
    name: 'keeps values by reference',
    create: () => new MemorySaver(new ByReference()),
  },
  {
    name: 'shows metadata of another step',
    create: () =>
      new (class extends MemorySaver {
        override async put(config: RunnableConfig, checkpoint: Checkpoint, metadata: CheckpointMetadata) {
          return await super.put(config, checkpoint, { ...metadata, step: metadata.step + 1 })
        }
      })(),
  },
  {
    name: 'drops a value that is a long list',
    create: () =>
      new (class extends MemorySaver {
        override async put(config: RunnableConfig, checkpoint: Checkpoint, metadata: CheckpointMetadata) {
          const values = Object.entries(checkpoint.channel_values).filter(
            ([channel, value]) => isDelta(channel) || !(Array.isArray(value) && value.length > 2),
          )
          return await super.put(
            config,
            { ...checkpoint, channel_values: Object.fromEntries(values) },
            metadata,
          )
        }
      })(),
  },
]

/** Turns a value into its number, and the number into the same value. */
class ByReference {
  readonly #values: unknown[] = []

  async dumpsTyped(value: unknown): Promise<[string, Uint8Array]> {
    this.#values.push(value)
    return ['json', new TextEncoder().encode(String(this.#values.length - 1))]
  }

  async loadsTyped(_type: string, data: Uint8Array | string): Promise<unknown> {
    const text = typeof data === 'string' ? data : new TextDecoder().decode(data)
    return this.#values[Number(text)]
  }
}

function renamed(config: RunnableConfig): RunnableConfig {
  const { configurable } = config
  const namespace = String(configurable?.['checkpoint_ns'] ?? '')
  return { ...config, configurable: { ...configurable, checkpoint_ns: namespace === '' ? '' : 'subgraph' } }
}
