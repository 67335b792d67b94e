import type { RunnableConfig } from '@langchain/core/runnables'
import {
  type CheckpointPendingWrite,
  type CheckpointTuple,
  JsonPlusSerializer,
} from '@langchain/langgraph-checkpoint'
import { type BroughtValue, type Found, PlainSaver } from '../support/plain-saver/plain-saver.js'
import type { Encoded, Namespace, StoredWrite } from '../support/plain-saver/plain-storage.js'
import type { BrokenSaver } from './broken-saver.js'

/** What a value goes through on its way to the storage and back. */
export const faultsOfSerializers: readonly BrokenSaver[] = [
  {
    name: 'stores with the serializer of the user, and reads with its own',
    Saver: class extends PlainSaver {
      readonly #own = new JsonPlusSerializer()

      protected override async decode([, bytes]: Encoded): Promise<unknown> {
        return await this.#own.loadsTyped('json', bytes)
      }
    },
    noticedBy: ['values, writes, checkpoints and metadata go through it and come back'],
  },
  {
    name: 'stores metadata as JSON of its own',
    Saver: class extends PlainSaver {
      readonly #own = new JsonPlusSerializer()

      override async put(...args: Parameters<PlainSaver['put']>): Promise<RunnableConfig> {
        const metadata = await this.#own.dumpsTyped(args[2])
        const stored = await super.put(...args)
        const found = this.find(this.address(stored)) as Found
        this.store({ ...found, checkpoint: { ...found.checkpoint, metadata } })
        return stored
      }

      protected override async decode([type, bytes]: Encoded): Promise<unknown> {
        if (type !== 'json') return await super.decode([type, bytes])
        return await this.#own.loadsTyped(type, bytes)
      }
    },
    noticedBy: ['nothing of the user goes past it'],
  },
  {
    name: 'keeps text as it is, and asks the serializer for the rest',
    Saver: class extends PlainSaver {
      protected override async encode(value: unknown): Promise<Encoded> {
        return typeof value === 'string' ? ['text', Buffer.from(value)] : await super.encode(value)
      }

      protected override async decode([type, bytes]: Encoded): Promise<unknown> {
        return type === 'text' ? Buffer.from(bytes).toString() : await super.decode([type, bytes])
      }
    },
    noticedBy: ['nothing of the user goes past it'],
  },
  {
    name: 'gives the writes of a history as they are stored',
    Saver: class extends PlainSaver {
      #isHistory = false

      override async getDeltaChannelHistory(
        asked: Parameters<PlainSaver['getDeltaChannelHistory']>[0],
      ): ReturnType<PlainSaver['getDeltaChannelHistory']> {
        this.#isHistory = true
        try {
          return await super.getDeltaChannelHistory(asked)
        } finally {
          this.#isHistory = false
        }
      }

      protected override async pendingWritesOf(
        writes: readonly StoredWrite[],
      ): Promise<CheckpointPendingWrite[]> {
        if (!this.#isHistory) return await super.pendingWritesOf(writes)
        return writes.map(({ taskId, channel, value }) => [taskId, channel, value[1]])
      }
    },
    noticedBy: ['nothing of the user goes past it'],
  },
  {
    name: 'takes a value for unchanged when its bytes are the same',
    Saver: class extends PlainSaver {
      protected override carriedOver(
        stored: Namespace,
        parentId: string | undefined,
        brought: BroughtValue,
      ): Encoded | undefined {
        const value = super.carriedOver(stored, parentId, brought)
        return value && Buffer.from(value[1]).equals(brought.value[1]) ? value : undefined
      }
    },
    noticedBy: ['one that never gives the same bytes twice'],
  },
  {
    name: 'takes what it cannot read for an empty thread',
    Saver: class extends PlainSaver {
      override async getTuple(config: RunnableConfig): Promise<CheckpointTuple | undefined> {
        return await super.getTuple(config).catch(() => undefined)
      }
    },
    noticedBy: ['one that fails to read fails every way of reading, and says why'],
  },
  {
    name: 'leaves out of a listing what it cannot read',
    Saver: class extends PlainSaver {
      override async *list(...args: Parameters<PlainSaver['list']>): ReturnType<PlainSaver['list']> {
        try {
          for await (const tuple of super.list(...args)) yield tuple
        } catch {
          // It ends here, as if there were no more.
        }
      }
    },
    noticedBy: ['one that fails to read fails every way of reading, and says why'],
  },
  {
    name: 'takes a history that it cannot read for none',
    Saver: class extends PlainSaver {
      protected override async historyOf(
        ...args: Parameters<PlainSaver['historyOf']>
      ): ReturnType<PlainSaver['historyOf']> {
        return await super.historyOf(...args).catch(() => ({ writes: [] }))
      }
    },
    noticedBy: ['one that fails to read fails every way of reading, and says why'],
  },
  {
    name: 'says of what it could not store that it did',
    Saver: class extends PlainSaver {
      override async put(...args: Parameters<PlainSaver['put']>): Promise<RunnableConfig> {
        return await super.put(...args).catch(() => args[0])
      }
    },
    noticedBy: ['one that fails to write stores nothing'],
  },
  {
    name: 'stores the values that it could encode, and leaves out the others',
    Saver: class extends PlainSaver {
      protected override async encode(value: unknown): Promise<Encoded> {
        return await super.encode(value).catch(() => ['json', Buffer.from('null')])
      }
    },
    noticedBy: ['one that fails to write stores nothing'],
  },
  {
    name: 'takes bytes for text',
    Saver: class extends PlainSaver {
      protected override async decode(encoded: Encoded): Promise<unknown> {
        const value = await super.decode(encoded)
        return value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : value
      }
    },
    noticedBy: ['plain bytes stay bytes'],
  },
  {
    name: 'cuts values at a megabyte',
    Saver: class extends PlainSaver {
      protected override async decode(encoded: Encoded): Promise<unknown> {
        const value = await super.decode(encoded)
        return typeof value === 'string' ? value.slice(0, 1_000_000) : value
      }
    },
    noticedBy: ['large values'],
  },
]
