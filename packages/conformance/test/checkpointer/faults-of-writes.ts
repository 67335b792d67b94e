import type { RunnableConfig } from '@langchain/core/runnables'
import { type PendingWrite, WRITES_IDX_MAP } from '@langchain/langgraph-checkpoint'
import type { Address } from '../support/plain-saver/address.js'
import { type Found, PlainSaver } from '../support/plain-saver/plain-saver.js'
import type { Namespace, StoredWrite } from '../support/plain-saver/plain-storage.js'
import type { BrokenSaver } from './broken-saver.js'

type PutWrites = [config: RunnableConfig, writes: PendingWrite[], taskId: string, taskPath?: string]

/** How pending writes are told apart, replaced, ordered and kept. */
export const faultsOfWrites: readonly BrokenSaver[] = [
  {
    name: 'gives no array where there are no writes',
    Saver: class extends PlainSaver {
      protected override async tupleOf(found: Found): ReturnType<PlainSaver['tupleOf']> {
        const { pendingWrites = [], ...tuple } = await super.tupleOf(found)
        return pendingWrites.length === 0 ? tuple : { ...tuple, pendingWrites }
      }
    },
    noticedBy: ['a checkpoint without writes has an empty array of them'],
  },
  {
    name: 'loses the last write of a call',
    Saver: class extends PlainSaver {
      override async putWrites(...[config, writes, ...task]: PutWrites): Promise<void> {
        await super.putWrites(config, writes.length > 1 ? writes.slice(0, -1) : writes, ...task)
      }
    },
    noticedBy: ['a repeated regular write keeps the first value', 'a write survives the loss of the thread'],
  },
  {
    name: 'lets the last of repeated writes count',
    Saver: class extends PlainSaver {
      protected override replaces(): boolean {
        return true
      }
    },
    noticedBy: ['a repeated regular write keeps the first value', 'the task path does not identify a write'],
  },
  {
    name: 'lets the first of repeated special writes count',
    Saver: class extends PlainSaver {
      protected override replaces(): boolean {
        return false
      }
    },
    noticedBy: [
      'a repeated special write keeps the last value',
      'of equal special writes in one call the last counts',
    ],
  },
  {
    name: 'replaces a whole call as soon as one of its writes is special',
    Saver: class extends PlainSaver {
      #replacing = false

      override async putWrites(...[config, writes, ...task]: PutWrites): Promise<void> {
        this.#replacing = writes.some(([channel]) => channel in WRITES_IDX_MAP)
        await super.putWrites(config, writes, ...task)
      }

      protected override replaces(): boolean {
        return this.#replacing
      }
    },
    noticedBy: ['regular and special writes of one call are judged one by one'],
  },
  {
    name: 'keeps one special write for all tasks of a superstep',
    Saver: class extends PlainSaver {
      protected override isSameWrite(left: StoredWrite, right: StoredWrite): boolean {
        return left.index === right.index && (left.index < 0 || left.taskId === right.taskId)
      }
    },
    noticedBy: ['special writes of two tasks are both kept'],
  },
  {
    name: 'looks special channels up among the members of every object',
    Saver: class extends PlainSaver {
      protected override indexOf(channel: string, position: number): number {
        return WRITES_IDX_MAP[channel] ?? position
      }
    },
    noticedBy: ['channels named like members of Object.prototype are regular'],
  },
  {
    name: 'drops writes whose checkpoint is not there yet',
    Saver: class extends PlainSaver {
      override async putWrites(...[config, ...writes]: PutWrites): Promise<void> {
        if (this.find(this.address(config)) !== undefined) await super.putWrites(config, ...writes)
      }
    },
    noticedBy: ['writes may arrive before their checkpoint, and do not make one'],
  },
  {
    name: 'takes writes for the latest checkpoint',
    Saver: class extends PlainSaver {
      protected override latestId({ checkpoints, writes }: Namespace): string | undefined {
        return [...checkpoints.keys(), ...writes.keys()].sort().at(-1)
      }
    },
    noticedBy: ['writes to a checkpoint to come do not hide the latest one'],
  },
  {
    name: 'fails over an empty list of writes',
    Saver: class extends PlainSaver {
      override async putWrites(...[config, writes, ...task]: PutWrites): Promise<void> {
        if (writes.length === 0) throw new RangeError('an empty transaction')
        await super.putWrites(config, writes, ...task)
      }
    },
    noticedBy: ['an empty list of writes is nothing'],
  },
  {
    name: 'gives writes in the order of their arrival',
    Saver: class extends PlainSaver {
      protected override compareWrites(): number {
        return 0
      }
    },
    noticedBy: [
      'order is by task path, then task id, then position',
      'within a checkpoint the writes stand in the order of the superstep',
      'an old checkpoint gets the sends of its parent, in the order of the superstep',
    ],
  },
  {
    name: 'orders writes by task id alone',
    Saver: class extends PlainSaver {
      protected override compareWrites(left: StoredWrite, right: StoredWrite): number {
        const [first, second] = [left, right].map((write) => ({ ...write, taskPath: '' }))
        return super.compareWrites(first as StoredWrite, second as StoredWrite)
      }
    },
    noticedBy: [
      'order is by task path, then task id, then position',
      'within a checkpoint the writes stand in the order of the superstep',
    ],
  },
  {
    name: 'orders the positions of writes as text',
    Saver: class extends PlainSaver {
      protected override compareWrites(left: StoredWrite, right: StoredWrite): number {
        const isOneTask = left.taskId === right.taskId && left.taskPath === right.taskPath
        if (!isOneTask) return super.compareWrites(left, right)
        return String(left.index) < String(right.index) ? -1 : 1
      }
    },
    noticedBy: ['order is by task path, then task id, then position'],
  },
  {
    name: 'orders task ids as JavaScript does',
    Saver: class extends PlainSaver {
      protected override compareWrites(left: StoredWrite, right: StoredWrite): number {
        if (left.taskPath !== right.taskPath || left.taskId === right.taskId)
          return super.compareWrites(left, right)
        return left.taskId < right.taskId ? -1 : 1
      }
    },
    noticedBy: ['order is by task path, then task id, then position'],
  },
  {
    name: 'takes writes of another task path for other writes',
    Saver: class extends PlainSaver {
      protected override isSameWrite(left: StoredWrite, right: StoredWrite): boolean {
        return super.isSameWrite(left, right) && left.taskPath === right.taskPath
      }
    },
    noticedBy: ['the task path does not identify a write'],
  },
  {
    name: 'reads all writes of a checkpoint, adds its own and stores them',
    Saver: class extends PlainSaver {
      override async putWrites(...[config, ...added]: PutWrites): Promise<void> {
        const { threadId = '', namespace = '', checkpointId = '' } = this.address(config)
        const before = this.storage.namespace(threadId, namespace).writes.get(checkpointId)
        await super.putWrites(config, ...added)
        const { writes } = this.storage.openNamespace(threadId, namespace)
        const own = (writes.get(checkpointId) ?? []).filter(({ taskId }) => taskId === added[1])
        const others = (before ?? []).filter(({ taskId }) => taskId !== added[1])
        if (own.length > 0) writes.set(checkpointId, [...others, ...own])
      }
    },
    noticedBy: ['fifty writes in one tick are all kept', 'writes of two checkpointers at once are all kept'],
  },
  {
    name: 'guards what it reads and stores again against itself, and not against other processes',
    Saver: class extends PlainSaver {
      #last: Promise<void> = Promise.resolve()

      override async putWrites(...[config, ...added]: PutWrites): Promise<void> {
        const { threadId = '', namespace = '', checkpointId = '' } = this.address(config)
        const encoded = added[0].map(([channel, value]) => [channel, structuredClone(value)] as PendingWrite)
        const before = this.#last
        this.#last = before.then(async () => {
          const read = this.storage.namespace(threadId, namespace).writes.get(checkpointId) ?? []
          await super.putWrites(config, encoded, added[1], added[2])
          const { writes } = this.storage.openNamespace(threadId, namespace)
          const own = (writes.get(checkpointId) ?? []).filter(({ taskId }) => taskId === added[1])
          if (own.length > 0)
            writes.set(checkpointId, [...read.filter(({ taskId }) => taskId !== added[1]), ...own])
        })
        await this.#last
      }
    },
    noticedBy: ['writes of two checkpointers at once are all kept'],
  },
  {
    name: 'keeps the writes of all namespaces together',
    Saver: class extends PlainSaver {
      override async putWrites(...[config, ...writes]: PutWrites): Promise<void> {
        const { configurable } = config
        await super.putWrites({ configurable: { ...configurable, checkpoint_ns: '' } }, ...writes)
      }

      protected override writesOf({ threadId }: Found, checkpointId: string): StoredWrite[] {
        return super.writesOf({ threadId, namespace: '' }, checkpointId)
      }
    },
    noticedBy: ['writes of one checkpoint are not those of another'],
  },
  {
    name: 'keeps the writes of all threads together',
    Saver: class extends PlainSaver {
      override async putWrites(...[config, ...writes]: PutWrites): Promise<void> {
        const { configurable } = config
        await super.putWrites({ configurable: { ...configurable, thread_id: 'writes' } }, ...writes)
      }

      protected override writesOf({ namespace }: Found, checkpointId: string): StoredWrite[] {
        return super.writesOf({ threadId: 'writes', namespace }, checkpointId)
      }
    },
    noticedBy: ['it removes the thread with all namespaces, and no other'],
  },
  {
    name: 'gives every checkpoint the writes of the latest',
    Saver: class extends PlainSaver {
      protected override writesOf(found: Found, checkpointId: string): StoredWrite[] {
        const latest = this.latestId(this.storage.namespace(found.threadId, found.namespace))
        return super.writesOf(found, latest ?? checkpointId)
      }
    },
    noticedBy: ['writes of one checkpoint are not those of another'],
  },
  {
    name: 'forgets the writes of a checkpoint that is put again',
    Saver: class extends PlainSaver {
      protected override store(found: Found): void {
        const { checkpoints, writes } = this.storage.openNamespace(found.threadId, found.namespace)
        if (checkpoints.has(found.checkpoint.id)) writes.delete(found.checkpoint.id)
        super.store(found)
      }
    },
    noticedBy: ['a checkpoint that is put again keeps its writes'],
  },
  {
    name: 'does not replace a checkpoint that is put again',
    Saver: class extends PlainSaver {
      protected override store(found: Found): void {
        const { checkpoints } = this.storage.openNamespace(found.threadId, found.namespace)
        if (!checkpoints.has(found.checkpoint.id)) super.store(found)
      }
    },
    noticedBy: ['a checkpoint that is put again keeps its writes'],
  },
  {
    name: 'stores no write whose value is falsy',
    Saver: class extends PlainSaver {
      override async putWrites(...[config, writes, ...task]: PutWrites): Promise<void> {
        const worthwhile = writes.filter(([, value]) => Boolean(value))
        await super.putWrites(config, worthwhile, ...task)
      }
    },
    noticedBy: ['values that are falsy are written all the same'],
  },
  {
    name: 'marks in the checkpoint that it has writes, and looks for none elsewhere',
    Saver: class extends PlainSaver {
      readonly #marked = new Set<string>()

      override async putWrites(...[config, ...writes]: PutWrites): Promise<void> {
        if (this.find(this.address(config)) !== undefined) this.#marked.add(keyOf(this.address(config)))
        await super.putWrites(config, ...writes)
      }

      protected override writesOf(found: Found, checkpointId: string): StoredWrite[] {
        return this.#marked.has(keyOf({ ...found, checkpointId })) ? super.writesOf(found, checkpointId) : []
      }
    },
    noticedBy: [
      'writes may arrive before their checkpoint, and do not make one',
      'writes of two checkpointers at once are all kept',
    ],
  },
]

function keyOf({ threadId, namespace, checkpointId }: Address): string {
  return JSON.stringify([threadId, namespace, checkpointId])
}
