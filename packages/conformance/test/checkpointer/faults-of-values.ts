import type { RunnableConfig } from '@langchain/core/runnables'
import type {
  ChannelVersions,
  Checkpoint,
  CheckpointMetadata,
  CheckpointTuple,
  PendingWrite,
} from '@langchain/langgraph-checkpoint'
import {
  type BroughtValue,
  type Found,
  type NewVersions,
  PlainSaver,
} from '../support/plain-saver/plain-saver.js'
import type { Encoded, Namespace, StoredCheckpoint } from '../support/plain-saver/plain-storage.js'
import type { BrokenSaver } from './broken-saver.js'

type Put = [
  config: RunnableConfig,
  checkpoint: Checkpoint,
  metadata: CheckpointMetadata,
  newVersions: ChannelVersions,
]

/** Which value a channel has in a checkpoint. */
export const faultsOfValues: readonly BrokenSaver[] = [
  {
    name: 'drops what a checkpoint carries over',
    Saver: class extends PlainSaver {
      protected override carriedOver(): undefined {
        return undefined
      }
    },
    noticedBy: [
      'an unchanged channel carries over along a chain',
      'branches that repeat a version keep their own values',
    ],
  },
  {
    name: 'carries over from the newest checkpoint, and not from the parent',
    Saver: class extends PlainSaver {
      protected override carriedOver(
        stored: Namespace,
        _parentId: string | undefined,
        { channel }: BroughtValue,
      ): Encoded | undefined {
        return stored.checkpoints.get(this.latestId(stored) ?? '')?.values.get(channel)
      }
    },
    noticedBy: ['branches that repeat a version keep their own values'],
  },
  {
    name: 'keeps one value for each version of a channel, whatever the fork',
    Saver: class extends PlainSaver {
      protected override store(found: Found): void {
        const { checkpoints } = this.storage.openNamespace(found.threadId, found.namespace)
        super.store({ ...found, checkpoint: withValuesOf([...checkpoints.values()], found.checkpoint) })
      }
    },
    noticedBy: ['branches that repeat a version keep their own values'],
  },
  {
    name: 'carries over what it remembers itself, and looks for nothing',
    Saver: class extends PlainSaver {
      readonly #remembered = new Set<StoredCheckpoint>()

      protected override store(found: Found): void {
        this.#remembered.add(found.checkpoint)
        super.store(found)
      }

      protected override carriedOver(
        stored: Namespace,
        parentId: string | undefined,
        brought: BroughtValue,
      ): Encoded | undefined {
        const parent = stored.checkpoints.get(parentId ?? '')
        if (parent !== undefined && !this.#remembered.has(parent)) return undefined
        return super.carriedOver(stored, parentId, brought)
      }
    },
    noticedBy: ['it carries over through a checkpointer that remembers nothing'],
  },
  {
    name: 'falls back to an older value where a channel was emptied',
    Saver: class extends PlainSaver {
      protected override store(found: Found): void {
        const { checkpoint, threadId, namespace } = found
        const { checkpoints } = this.storage.openNamespace(threadId, namespace)
        const parent = checkpoints.get(checkpoint.parentId ?? '')
        const older = [...(parent?.values ?? [])].filter(([channel]) => checkpoint.versions.has(channel))
        super.store({
          ...found,
          checkpoint: { ...checkpoint, values: new Map([...older, ...checkpoint.values]) },
        })
      }
    },
    noticedBy: ['a changed channel without a value is empty, and stays empty'],
  },
  {
    name: 'stores values that are neither new nor carried over',
    Saver: class extends PlainSaver {
      protected override carriedOver(
        stored: Namespace,
        parentId: string | undefined,
        brought: BroughtValue,
      ): Encoded {
        return super.carriedOver(stored, parentId, brought) ?? brought.value
      }
    },
    noticedBy: ['a channel that was never stored is not invented'],
  },
  {
    name: 'drops values of channels without a version',
    Saver: class extends PlainSaver {
      protected override isNew(channel: string, found: NewVersions): boolean {
        return found.newVersions === undefined || found.newVersions.has(channel)
      }
    },
    noticedBy: ['a channel without a version is stored with its checkpoint, as it is brought'],
  },
  {
    name: 'carries over what a channel without a version was before',
    Saver: class extends PlainSaver {
      protected override carriedOver(
        stored: Namespace,
        parentId: string | undefined,
        brought: BroughtValue,
      ): Encoded | undefined {
        const before = stored.checkpoints.get(parentId ?? '')?.values.get(brought.channel)
        return brought.version === undefined ? before : super.carriedOver(stored, parentId, brought)
      }

      protected override isNew(channel: string, found: NewVersions): boolean {
        return found.newVersions?.has(channel) ?? true
      }
    },
    noticedBy: ['a channel without a version is stored with its checkpoint, as it is brought'],
  },
  {
    name: 'stores no values when it is not told which versions are new',
    Saver: class extends PlainSaver {
      override async put(...[config, checkpoint, metadata, versions]: Put): Promise<RunnableConfig> {
        return await super.put(config, checkpoint, metadata, (versions as ChannelVersions | undefined) ?? {})
      }
    },
    noticedBy: ['a put that does not say which versions are new stores all values'],
  },
  {
    name: 'stores an unchanged value as it is brought',
    Saver: class extends PlainSaver {
      protected override carriedOver(
        stored: Namespace,
        parentId: string | undefined,
        brought: BroughtValue,
      ): Encoded | undefined {
        return super.carriedOver(stored, parentId, brought) && brought.value
      }
    },
    noticedBy: ['an unchanged channel keeps the value that came with its version, whatever was done to it'],
  },
  {
    name: 'takes nothing for a copy that the parent does not hold',
    Saver: class extends PlainSaver {
      protected override carriedOver(
        stored: Namespace,
        parentId: string | undefined,
        brought: BroughtValue,
      ): Encoded | undefined {
        const parent = stored.checkpoints.get(parentId ?? '')
        if (parent !== undefined && parent.versions.get(brought.channel) !== brought.version) return undefined
        return super.carriedOver(stored, parentId, brought)
      }
    },
    noticedBy: ['a copied checkpoint has the values of its source, put under the grandparent'],
  },
  {
    name: 'takes what a sibling holds for the value of a copy',
    Saver: class extends PlainSaver {
      protected override carriedOver(
        stored: Namespace,
        parentId: string | undefined,
        brought: BroughtValue,
      ): Encoded | undefined {
        const { channel, version } = brought
        const values = [...stored.checkpoints.values()]
          .filter(({ versions }) => versions.get(channel) === version)
          .map(({ values }) => values.get(channel))
        return values.at(-1) ?? super.carriedOver(stored, parentId, brought)
      }
    },
    noticedBy: ['a copied checkpoint has the values of its source, put under the grandparent'],
  },
  {
    name: 'copies no checkpoint that has no parent',
    Saver: class extends PlainSaver {
      protected override carriedOver(
        stored: Namespace,
        parentId: string | undefined,
        brought: BroughtValue,
      ): Encoded | undefined {
        return parentId === undefined ? undefined : super.carriedOver(stored, parentId, brought)
      }
    },
    noticedBy: ['a copy of the first checkpoint has its values'],
  },
  {
    name: 'relies on a parent that is gone',
    Saver: class extends PlainSaver {
      protected override carriedOver(
        stored: Namespace,
        parentId: string | undefined,
        brought: BroughtValue,
      ): Encoded | undefined {
        const isGone = parentId !== undefined && !stored.checkpoints.has(parentId)
        return isGone ? undefined : super.carriedOver(stored, parentId, brought)
      }
    },
    noticedBy: ['an unchanged value survives the loss of the thread'],
  },
  {
    name: 'does not send again what it sent before',
    Saver: class extends PlainSaver {
      readonly #sent = new Set<unknown>()

      override async put(...[config, checkpoint, ...rest]: Put): Promise<RunnableConfig> {
        for (const value of Object.values(checkpoint.channel_values)) this.#sent.add(value)
        return await super.put(config, checkpoint, ...rest)
      }

      override async putWrites(
        config: RunnableConfig,
        writes: PendingWrite[],
        taskId: string,
        taskPath?: string,
      ): Promise<void> {
        const isGone = this.find(this.address(config)) === undefined
        const sent = isGone ? writes.filter(([, value]) => !this.#sent.has(value)) : writes
        await super.putWrites(config, sent, taskId, taskPath)
      }
    },
    noticedBy: ['a write survives the loss of the thread'],
  },
  {
    name: 'takes versions for numbers',
    Saver: class extends PlainSaver {
      protected override async tupleOf(found: Found): Promise<CheckpointTuple> {
        const tuple = await super.tupleOf(found)
        const versions = Object.entries(tuple.checkpoint.channel_versions)
        tuple.checkpoint.channel_versions = Object.fromEntries(
          versions.map(([channel, version]) => [channel, Number(version)]),
        )
        return tuple
      }
    },
    noticedBy: ['string versions come back as they were'],
  },
  {
    name: 'assigns values to the channels of an object',
    Saver: class extends PlainSaver {
      protected override async tupleOf(found: Found): Promise<CheckpointTuple> {
        const tuple = await super.tupleOf(found)
        const values: Record<string, unknown> = {}
        for (const [channel, value] of Object.entries(tuple.checkpoint.channel_values))
          values[channel] = value
        tuple.checkpoint.channel_values = values
        return tuple
      }
    },
    noticedBy: ['channels may have any name'],
  },
  {
    name: 'gives no value that is falsy',
    Saver: class extends PlainSaver {
      protected override async tupleOf(found: Found): Promise<CheckpointTuple> {
        const tuple = await super.tupleOf(found)
        const values = Object.entries(tuple.checkpoint.channel_values)
        tuple.checkpoint.channel_values = Object.fromEntries(values.filter(([, value]) => Boolean(value)))
        return tuple
      }
    },
    noticedBy: ['values that are falsy are values'],
  },
  {
    name: 'forgets what nodes have seen',
    Saver: class extends PlainSaver {
      override async put(...[config, checkpoint, ...rest]: Put): Promise<RunnableConfig> {
        return await super.put(config, { ...checkpoint, versions_seen: {} }, ...rest)
      }
    },
    noticedBy: ['everything of a checkpoint comes back'],
  },
  {
    name: 'stamps checkpoints with its own time',
    Saver: class extends PlainSaver {
      override async put(...[config, checkpoint, ...rest]: Put): Promise<RunnableConfig> {
        return await super.put(config, { ...checkpoint, ts: new Date().toISOString() }, ...rest)
      }
    },
    noticedBy: ['everything of a checkpoint comes back'],
  },
  {
    name: 'keeps the fields of the metadata that it knows',
    Saver: class extends PlainSaver {
      override async put(...[config, checkpoint, metadata, versions]: Put): Promise<RunnableConfig> {
        const { source, step, parents } = metadata
        return await super.put(config, checkpoint, { source, step, parents }, versions)
      }
    },
    noticedBy: ['everything of a checkpoint comes back', 'the filter compares values of every JSON type'],
  },
]

/** The checkpoint, its values replaced by those that were stored first for the same version. */
function withValuesOf(earlier: readonly StoredCheckpoint[], checkpoint: StoredCheckpoint): StoredCheckpoint {
  const values = [...checkpoint.values].map(([channel, own]): [string, Encoded] => {
    const version = checkpoint.versions.get(channel)
    const first = earlier.find(
      ({ versions, values }) => values.has(channel) && versions.get(channel) === version,
    )
    return [channel, first?.values.get(channel) ?? own]
  })
  return { ...checkpoint, values: new Map(values) }
}
