import type { RunnableConfig } from '@langchain/core/runnables'
import {
  type ChannelVersions,
  type Checkpoint,
  type CheckpointMetadata,
  type CheckpointTuple,
  TASKS,
} from '@langchain/langgraph-checkpoint'
import type { Address } from '../support/plain-saver/address.js'
import { type Found, PlainSaver } from '../support/plain-saver/plain-saver.js'
import type { Encoded, Namespace, StoredWrite } from '../support/plain-saver/plain-storage.js'
import type { BrokenSaver } from './broken-saver.js'

type Put = [
  config: RunnableConfig,
  checkpoint: Checkpoint,
  metadata: CheckpointMetadata,
  newVersions: ChannelVersions,
]

/** Which checkpoint is found, whose objects a tuple holds, when values are read, what an old format lacks. */
export const faultsOfReads: readonly BrokenSaver[] = [
  {
    name: 'takes the last one stored for the latest',
    Saver: class extends PlainSaver {
      protected override latestId({ checkpoints }: Namespace): string | undefined {
        return [...checkpoints.keys()].at(-1)
      }
    },
    noticedBy: ['of checkpoints that are put on none the latest is the greatest id, not the last one stored'],
  },
  {
    name: 'looks for the latest in all namespaces',
    Saver: class extends PlainSaver {
      protected override find(address: Address): Found | undefined {
        if (address.checkpointId !== undefined || address.threadId === undefined) return super.find(address)
        return this.inListingOrder(this.all({ ...address, namespace: undefined }))[0]
      }
    },
    noticedBy: ['each namespace has a latest of its own'],
  },
  {
    name: 'takes all namespaces for the root',
    Saver: class extends PlainSaver {
      protected override address(config: RunnableConfig): Address {
        const { namespace, ...address } = super.address(config)
        return { ...address, namespace: namespace === undefined ? undefined : '' }
      }
    },
    noticedBy: ['each namespace has a latest of its own', 'over all namespaces of a thread, merged by id'],
  },
  {
    name: 'takes an empty checkpoint id for one',
    Saver: class extends PlainSaver {
      protected override find(address: Address): Found | undefined {
        return this.isEmpty ? undefined : super.find(address)
      }

      protected isEmpty = false

      protected override address(config: RunnableConfig): Address {
        this.isEmpty = config.configurable?.['checkpoint_id'] === ''
        return super.address(config)
      }
    },
    noticedBy: ['an own id of undefined or "" means the latest'],
  },
  {
    name: 'does not know the field thread_ts',
    Saver: class extends PlainSaver {
      protected override address({ configurable }: RunnableConfig): Address {
        return super.address({ configurable: { ...configurable, thread_ts: undefined } })
      }
    },
    noticedBy: ['the legacy field thread_ts names a checkpoint'],
  },
  {
    name: 'gives the same tuple to every reader',
    Saver: class extends PlainSaver {
      readonly #tuples = new Map<unknown, Promise<CheckpointTuple>>()

      protected override async tupleOf(found: Found): Promise<CheckpointTuple> {
        const made = this.#tuples.get(found.checkpoint) ?? super.tupleOf(found)
        this.#tuples.set(found.checkpoint, made)
        return await made
      }
    },
    noticedBy: ['every tuple is made of fresh objects'],
  },
  {
    name: 'gives the same metadata to every reader',
    Saver: class extends PlainSaver {
      readonly #metadata = new Map<Encoded, CheckpointMetadata | undefined>()

      protected override async tupleOf(found: Found): Promise<CheckpointTuple> {
        const tuple = await super.tupleOf(found)
        const metadata = this.#metadata.get(found.checkpoint.metadata) ?? tuple.metadata
        this.#metadata.set(found.checkpoint.metadata, metadata)
        return metadata === undefined ? tuple : { ...tuple, metadata }
      }
    },
    noticedBy: ['every tuple is made of fresh objects'],
  },
  {
    name: 'gives the bytes that it stores',
    Saver: class extends PlainSaver {
      protected override async decode([type, bytes]: Encoded): Promise<unknown> {
        return (await this.serde.loadsTyped(type, bytes)) as unknown
      }
    },
    noticedBy: ['every tuple is made of fresh objects'],
  },
  {
    name: 'gives the values of writes that it has given before',
    Saver: class extends PlainSaver {
      readonly #values = new Map<StoredWrite, Promise<unknown>>()

      protected override async pendingWritesOf(
        writes: readonly StoredWrite[],
      ): ReturnType<PlainSaver['pendingWritesOf']> {
        const values = writes.map((write) => this.#values.get(write) ?? this.decode(write.value))
        for (const [at, write] of writes.entries()) this.#values.set(write, values[at] as Promise<unknown>)
        const made = await Promise.all(values)
        return writes.map(({ taskId, channel }, at) => [taskId, channel, made[at]])
      }
    },
    noticedBy: ['every tuple is made of fresh objects', 'what a history gives is made of fresh objects'],
  },
  {
    name: 'reads what it is to store after the call has returned',
    Saver: class extends PlainSaver {
      protected override async encode(value: unknown): Promise<Encoded> {
        await Promise.resolve()
        return await super.encode(value)
      }
    },
    noticedBy: ['values are read before the call returns'],
  },
  {
    name: 'reads metadata after the call has returned',
    Saver: class extends PlainSaver {
      override async put(...[config, checkpoint, metadata, newVersions]: Put): Promise<RunnableConfig> {
        const stored = await super.put(config, checkpoint, metadata, newVersions)
        const found = this.find(this.address(stored)) as Found
        this.store({
          ...found,
          checkpoint: { ...found.checkpoint, metadata: await this.encode(metadata) },
        })
        return stored
      }
    },
    noticedBy: ['values are read before the call returns'],
  },
  {
    name: 'stores the bytes of its caller',
    Saver: class extends PlainSaver {
      protected override async encode(value: unknown): Promise<Encoded> {
        return value instanceof Uint8Array ? ['bytes', value] : await super.encode(value)
      }
    },
    noticedBy: ['values are read before the call returns'],
  },
  {
    name: 'gives back the config that it was given',
    Saver: class extends PlainSaver {
      override async put(...[config, checkpoint, ...rest]: Put): Promise<RunnableConfig> {
        const { configurable } = await super.put(config, checkpoint, ...rest)
        return { ...config, configurable: { ...config.configurable, ...configurable } }
      }
    },
    noticedBy: ['nothing of the config is stored but the ids'],
  },
  {
    name: 'takes the start of a checkpoint id for the id',
    Saver: class extends PlainSaver {
      protected override find(address: Address): Found | undefined {
        const { checkpointId = '', threadId = '', namespace = '' } = address
        const { checkpoints } = this.storage.namespace(threadId, namespace)
        const begun = [...checkpoints.keys()].find((id) => id.startsWith(checkpointId))
        return super.find(address) ?? super.find({ ...address, checkpointId: begun })
      }
    },
    noticedBy: ['an unknown checkpoint, namespace or thread is undefined'],
  },
  {
    name: 'answers with the latest where a checkpoint is not there',
    Saver: class extends PlainSaver {
      protected override find(address: Address): Found | undefined {
        return super.find(address) ?? super.find({ ...address, checkpointId: undefined })
      }
    },
    noticedBy: [
      'an unknown checkpoint, namespace or thread is undefined',
      'no channels, no thread, no checkpoint: nothing, and no error',
    ],
  },
  {
    name: 'forgets the parent of a checkpoint',
    Saver: class extends PlainSaver {
      protected override async tupleOf(found: Found): Promise<CheckpointTuple> {
        const { parentConfig: _, ...tuple } = await super.tupleOf(found)
        return tuple
      }
    },
    noticedBy: [
      'branches that repeat a version keep their own values',
      'the parent config leads to the parent, in its namespace',
    ],
  },
  {
    name: 'looks for every parent in the root namespace',
    Saver: class extends PlainSaver {
      protected override async tupleOf(found: Found): Promise<CheckpointTuple> {
        const tuple = await super.tupleOf(found)
        const { parentConfig } = tuple
        if (parentConfig?.configurable) parentConfig.configurable['checkpoint_ns'] = ''
        return tuple
      }
    },
    noticedBy: ['the parent config leads to the parent, in its namespace'],
  },
  {
    name: 'takes the checkpoint before for the parent',
    Saver: class extends PlainSaver {
      protected override async tupleOf(found: Found): Promise<CheckpointTuple> {
        const { checkpoints } = this.storage.namespace(found.threadId, found.namespace)
        const earlier = [...checkpoints.keys()].filter((id) => id < found.checkpoint.id).sort()
        return await super.tupleOf({
          ...found,
          checkpoint: { ...found.checkpoint, parentId: earlier.at(-1) },
        })
      }
    },
    noticedBy: ['branches that repeat a version keep their own values'],
  },
  {
    name: 'loses the sends of an old checkpoint',
    Saver: class extends PlainSaver {
      protected override lacksItsSends(): boolean {
        return false
      }
    },
    noticedBy: [
      'an old checkpoint gets the sends of its parent, in the order of the superstep',
      'without versions it gets the first one',
    ],
  },
  {
    name: 'takes the sends of an old checkpoint from its own writes',
    Saver: class extends PlainSaver {
      protected override async tupleOf(found: Found): Promise<CheckpointTuple> {
        const tuple = await super.tupleOf(found)
        if (this.lacksItsSends(tuple.checkpoint) && tuple.parentConfig !== undefined)
          await this.addSends(tuple.checkpoint, this.writesOf(found, found.checkpoint.id))
        return tuple
      }
    },
    noticedBy: ['an old checkpoint gets the sends of its parent, in the order of the superstep'],
  },
  {
    name: 'gives sends no version where there is no other',
    Saver: class extends PlainSaver {
      protected override async addSends(
        checkpoint: Checkpoint,
        writes: readonly StoredWrite[],
      ): Promise<void> {
        const isFirst = Object.keys(checkpoint.channel_versions).length === 0
        await super.addSends(checkpoint, writes)
        if (isFirst) delete checkpoint.channel_versions[TASKS]
      }
    },
    noticedBy: ['without versions it gets the first one'],
  },
  {
    name: 'takes every checkpoint for an old one',
    Saver: class extends PlainSaver {
      protected override lacksItsSends(): boolean {
        return true
      }
    },
    noticedBy: ['a checkpoint of format 4, or without a parent, is left alone'],
  },
]
