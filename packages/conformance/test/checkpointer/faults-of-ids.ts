import { inspect } from 'node:util'
import type { RunnableConfig } from '@langchain/core/runnables'
import { type Address, addressOf, textOf } from '../support/plain-saver/address.js'
import { type Found, PlainSaver } from '../support/plain-saver/plain-saver.js'
import type { StoredWrite } from '../support/plain-saver/plain-storage.js'
import type { BrokenSaver, SaverClass } from './broken-saver.js'

/** How ids are told apart, what goes with a thread, and which mistakes of the caller are refused. */
export const faultsOfIds: readonly BrokenSaver[] = [
  {
    name: 'deletes all threads whose ids begin alike',
    Saver: class extends PlainSaver {
      override async deleteThread(threadId: string): Promise<void> {
        await super.deleteThread(threadId)
        for (const id of [...this.storage.threads.keys()])
          if (id.startsWith(threadId)) await super.deleteThread(id)
      }
    },
    noticedBy: ['it removes the thread with all namespaces, and no other'],
  },
  {
    name: 'takes a thread id that is to be deleted for a pattern',
    Saver: class extends PlainSaver {
      override async deleteThread(threadId: string): Promise<void> {
        if (threadId === '*') this.storage.threads.clear()
        await super.deleteThread(threadId)
      }
    },
    noticedBy: ['it removes the thread with all namespaces, and no other'],
  },
  {
    name: 'deletes the root namespace of a thread',
    Saver: class extends PlainSaver {
      override async deleteThread(threadId: string): Promise<void> {
        const left = new Map(this.storage.threads.get(threadId))
        await super.deleteThread(threadId)
        left.delete('')
        if (left.size > 0) this.storage.threads.set(threadId, left)
      }
    },
    noticedBy: ['it removes the thread with all namespaces, and no other'],
  },
  {
    name: 'leaves the writes of a thread that it deletes',
    Saver: class extends PlainSaver {
      override async deleteThread(threadId: string): Promise<void> {
        const left = [...(this.storage.threads.get(threadId) ?? [])]
        await super.deleteThread(threadId)
        for (const [namespace, { writes }] of left)
          for (const [id, those] of writes)
            this.storage.openNamespace(threadId, namespace).writes.set(id, those)
      }
    },
    noticedBy: ['a thread born anew sees nothing old'],
  },
  {
    name: 'leaves writes whose checkpoint did not come when it deletes a thread',
    Saver: class extends PlainSaver {
      override async deleteThread(threadId: string): Promise<void> {
        const left = [...(this.storage.threads.get(threadId) ?? [])]
        await super.deleteThread(threadId)
        for (const [namespace, { checkpoints, writes }] of left)
          for (const [id, early] of writes)
            if (!checkpoints.has(id)) this.storage.openNamespace(threadId, namespace).writes.set(id, early)
      }
    },
    noticedBy: ['a thread born anew sees nothing old'],
  },
  {
    name: 'deletes nothing, and says nothing',
    Saver: class extends PlainSaver {
      override async deleteThread(): Promise<void> {}
    },
    noticedBy: ['a thread born anew sees nothing old', 'ids that are no strings'],
  },
  {
    name: 'fails to delete a thread that is not there',
    Saver: class extends PlainSaver {
      override async deleteThread(threadId: string): Promise<void> {
        if (!this.storage.threads.has(threadId)) throw new Error('there is no such thread')
        await super.deleteThread(threadId)
      }
    },
    noticedBy: ['deleting what is not there is no error'],
  },
  {
    name: 'trims thread ids',
    Saver: withThreadIds((id) => id.trim()),
    noticedBy: ['thread ids'],
  },
  {
    name: 'takes upper case for lower case in thread ids',
    Saver: withThreadIds((id) => id.toLowerCase()),
    noticedBy: ['thread ids', 'a thread id that is nothing but odd'],
  },
  {
    name: 'normalizes thread ids',
    Saver: withThreadIds((id) => id.normalize('NFC')),
    noticedBy: ['thread ids', 'a thread id that is nothing but odd'],
  },
  {
    name: 'replaces lone surrogates in thread ids',
    Saver: withThreadIds((id) => Buffer.from(id).toString()),
    noticedBy: ['thread ids', 'a thread id that is nothing but odd'],
  },
  {
    name: 'ends thread ids at NUL',
    Saver: withThreadIds((id) => id.split('\0')[0] as string),
    noticedBy: ['thread ids'],
  },
  {
    name: 'takes an empty thread id for none',
    Saver: class extends PlainSaver {
      protected override address(config: RunnableConfig): Address {
        const address = super.address(config)
        return address.threadId === '' ? { ...address, threadId: undefined } : address
      }
    },
    noticedBy: ['a thread id that is nothing but odd'],
  },
  {
    name: 'keeps the root namespace under a name',
    Saver: withNamespaces((namespace) => namespace || '__empty__'),
    noticedBy: ['namespaces'],
  },
  {
    name: 'trims namespaces',
    Saver: withNamespaces((namespace) => namespace.trim()),
    noticedBy: ['namespaces'],
  },
  {
    name: 'trims checkpoint ids',
    Saver: class extends PlainSaver {
      protected override address(config: RunnableConfig): Address {
        const { checkpointId, ...address } = super.address(config)
        return { ...address, checkpointId: checkpointId?.trim() }
      }

      protected override store({ checkpoint, ...place }: Found): void {
        super.store({ ...place, checkpoint: { ...checkpoint, id: checkpoint.id.trim() } })
      }
    },
    noticedBy: ['checkpoint ids'],
  },
  {
    name: 'joins namespace and checkpoint id by a colon',
    Saver: class extends PlainSaver {
      protected override store(found: Found): void {
        super.store(found)
        const ids = new Set([`${found.namespace}:${found.checkpoint.id}`])
        for (const [name, { checkpoints }] of this.storage.threads.get(found.threadId) ?? [])
          for (const id of checkpoints.keys())
            if (name !== found.namespace && ids.has(`${name}:${id}`)) checkpoints.delete(id)
      }
    },
    noticedBy: ['ids that meet when they are joined'],
  },
  {
    name: 'replaces lone surrogates in task ids',
    Saver: class extends PlainSaver {
      protected override withWrite(all: readonly StoredWrite[], write: StoredWrite): readonly StoredWrite[] {
        return super.withWrite(all, { ...write, taskId: Buffer.from(write.taskId).toString() })
      }
    },
    noticedBy: ['task ids'],
  },
  {
    name: 'ends task ids at the first comma',
    Saver: class extends PlainSaver {
      protected override withWrite(all: readonly StoredWrite[], write: StoredWrite): readonly StoredWrite[] {
        return super.withWrite(all, { ...write, taskId: write.taskId.split(',')[0] as string })
      }
    },
    noticedBy: ['ids that meet when they are joined'],
  },
  {
    name: 'makes up a thread where none is given',
    Saver: class extends PlainSaver {
      protected override address(config: RunnableConfig): Address {
        const address = super.address(config)
        return config.configurable?.['checkpoint_ns'] === undefined
          ? { ...address, threadId: address.threadId ?? 'default' }
          : address
      }
    },
    noticedBy: ['put and putWrites without a thread'],
  },
  {
    name: 'refuses to read without a thread',
    Saver: class extends PlainSaver {
      protected override find(address: Address): Found | undefined {
        if (address.threadId === undefined) throw new TypeError('thread_id is missing')
        return super.find(address)
      }
    },
    noticedBy: ['getTuple without a thread is undefined'],
  },
  {
    name: 'gives writes without a checkpoint to the latest one',
    Saver: class extends PlainSaver {
      override async putWrites(...[config, ...rest]: Parameters<PlainSaver['putWrites']>): Promise<void> {
        const checkpointId = this.address(config).checkpointId ?? 'latest'
        await super.putWrites(
          { configurable: { ...config.configurable, checkpoint_id: checkpointId } },
          ...rest,
        )
      }
    },
    noticedBy: ['putWrites without a checkpoint'],
  },
  {
    name: 'makes text of whatever it is given for an id',
    Saver: class extends PlainSaver {
      protected override address({ configurable = {} }: RunnableConfig): Address {
        const ids = Object.entries(configurable).map(([key, id]) => [key, asText(id)])
        return addressOf({ configurable: Object.fromEntries(ids) as Record<string, unknown> })
      }
    },
    noticedBy: ['ids that are no strings'],
  },
]

function withThreadIds(change: (id: string) => string): SaverClass {
  return class extends PlainSaver {
    protected override address(config: RunnableConfig): Address {
      const address = super.address(config)
      return { ...address, threadId: address.threadId === undefined ? undefined : change(address.threadId) }
    }

    override async deleteThread(threadId: string): Promise<void> {
      await super.deleteThread(change(textOf('thread_id', threadId)))
    }
  }
}

function withNamespaces(change: (namespace: string) => string): SaverClass {
  return class extends PlainSaver {
    protected override address(config: RunnableConfig): Address {
      const address = super.address(config)
      return {
        ...address,
        namespace: address.namespace === undefined ? undefined : change(address.namespace),
      }
    }
  }
}

function asText(id: unknown): string | undefined {
  return id === undefined || typeof id === 'string' ? id : inspect(id)
}
