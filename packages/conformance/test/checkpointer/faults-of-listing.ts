import type { RunnableConfig } from '@langchain/core/runnables'
import type { CheckpointListOptions, CheckpointTuple } from '@langchain/langgraph-checkpoint'
import type { Address } from '../support/plain-saver/address.js'
import { type Found, PlainSaver } from '../support/plain-saver/plain-saver.js'
import type { BrokenSaver } from './broken-saver.js'

type List = [config: RunnableConfig, options?: CheckpointListOptions]
type Listing = AsyncGenerator<CheckpointTuple>
type Filter = Readonly<Record<string, unknown>>

/** Which checkpoints a listing holds, and in which order. */
export const faultsOfListing: readonly BrokenSaver[] = [
  {
    name: 'lists ten and no more',
    Saver: class extends PlainSaver {
      protected override limitOf({ limit = 10 }: CheckpointListOptions): number {
        return limit
      }
    },
    noticedBy: ['newest first by id, without a hidden limit'],
  },
  {
    name: 'ignores the limit',
    Saver: class extends PlainSaver {
      protected override limitOf(): number {
        return Number.POSITIVE_INFINITY
      }
    },
    noticedBy: ['over all namespaces of a thread, merged by id', 'a limit of 0 gives nothing'],
  },
  {
    name: 'takes a limit of 0 for none',
    Saver: class extends PlainSaver {
      protected override limitOf({ limit }: CheckpointListOptions): number {
        return limit || Number.POSITIVE_INFINITY
      }
    },
    noticedBy: ['a limit of 0 gives nothing'],
  },
  {
    name: 'lists the oldest first',
    Saver: class extends PlainSaver {
      protected override inListingOrder(all: readonly Found[]): Found[] {
        return super.inListingOrder(all).reverse()
      }
    },
    noticedBy: ['newest first by id, without a hidden limit', 'before compares by value, stored or not'],
  },
  {
    name: 'lists what was stored last first',
    Saver: class extends PlainSaver {
      protected override inListingOrder(all: readonly Found[]): Found[] {
        return all.toReversed()
      }
    },
    noticedBy: ['over all namespaces of a thread, merged by id'],
  },
  {
    name: 'lists one namespace after the other',
    Saver: class extends PlainSaver {
      protected override inListingOrder(all: readonly Found[]): Found[] {
        const ordered = super.inListingOrder(all)
        const namespaces = [...new Set(ordered.map(({ namespace }) => namespace))]
        return namespaces.flatMap((name) => ordered.filter(({ namespace }) => namespace === name))
      }
    },
    noticedBy: ['over all namespaces of a thread, merged by id'],
  },
  {
    name: 'lists one thread after the other',
    Saver: class extends PlainSaver {
      protected override inListingOrder(all: readonly Found[]): Found[] {
        const ordered = super.inListingOrder(all)
        const threads = [...new Set(ordered.map(({ threadId }) => threadId))]
        return threads.flatMap((id) => ordered.filter(({ threadId }) => threadId === id))
      }
    },
    noticedBy: ['over all threads, merged by id'],
  },
  {
    name: 'lists the root namespace where none is given',
    Saver: class extends PlainSaver {
      protected override all(address: Address): Found[] {
        return super.all({ ...address, namespace: address.namespace ?? '' })
      }
    },
    noticedBy: ['over all namespaces of a thread, merged by id'],
  },
  {
    name: 'ignores the namespace where no thread is given',
    Saver: class extends PlainSaver {
      protected override all(address: Address): Found[] {
        return super.all(address.threadId === undefined ? { ...address, namespace: undefined } : address)
      }
    },
    noticedBy: ['over all threads, one namespace of each'],
  },
  {
    name: 'lists a namespace with those below it',
    Saver: class extends PlainSaver {
      protected override isAt(found: Found, address: Address): boolean {
        const { namespace } = address
        const isBelow = namespace !== undefined && found.namespace.startsWith(namespace)
        return super.isAt(found, isBelow ? { ...address, namespace: found.namespace } : address)
      }
    },
    noticedBy: ['over all namespaces of a thread, merged by id'],
  },
  {
    name: 'lists all threads where one is not there',
    Saver: class extends PlainSaver {
      protected override all(address: Address): Found[] {
        const found = super.all(address)
        return found.length > 0 ? found : super.all({ ...address, threadId: undefined })
      }
    },
    noticedBy: ['an unknown thread lists nothing'],
  },
  {
    name: 'ignores the filter',
    Saver: class extends PlainSaver {
      protected override async matches(): Promise<boolean> {
        return true
      }
    },
    noticedBy: ['the filter comes before the limit', 'the filter compares values of every JSON type'],
  },
  {
    name: 'filters what the limit has left',
    Saver: class extends PlainSaver {
      override async *list(...[config, { filter = {}, ...options } = {}]: List): Listing {
        for await (const tuple of super.list(config, options)) {
          const found = this.find(this.address(tuple.config))
          if (found !== undefined && (await super.matches(found, filter))) yield tuple
        }
      }
    },
    noticedBy: ['the filter comes before the limit'],
  },
  {
    name: 'is content with one key of a filter',
    Saver: class extends PlainSaver {
      protected override async matches(found: Found, filter: Filter): Promise<boolean> {
        const keys = Object.keys(filter)
        const each = keys.map(async (key) => await super.matches(found, { [key]: filter[key] }))
        return keys.length === 0 || (await Promise.all(each)).includes(true)
      }
    },
    noticedBy: ['every key of the filter counts'],
  },
  {
    name: 'compares the values of a filter by identity',
    Saver: class extends PlainSaver {
      protected override equals(left: unknown, right: unknown): boolean {
        return left === right
      }
    },
    noticedBy: ['the filter compares values of every JSON type'],
  },
  {
    name: 'takes numbers and words in a filter for their text',
    Saver: class extends PlainSaver {
      protected override equals(left: unknown, right: unknown): boolean {
        if (typeof left === 'object' || typeof right === 'object') return super.equals(left, right)
        return `${left as string}` === `${right as string}`
      }
    },
    noticedBy: ['the filter compares values of every JSON type'],
  },
  {
    name: 'compares the values of a filter as text',
    Saver: class extends PlainSaver {
      protected override equals(left: unknown, right: unknown): boolean {
        return JSON.stringify(left) === JSON.stringify(right)
      }
    },
    noticedBy: ['the filter compares values of every JSON type'],
  },
  {
    name: 'is content when an object holds the keys of the filter',
    Saver: class extends PlainSaver {
      protected override equals(left: unknown, right: unknown): boolean {
        if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null)
          return left === right
        return Object.entries(right).every(([key, value]) =>
          this.equals((left as Record<string, unknown>)[key], value),
        )
      }
    },
    noticedBy: ['the filter compares values of every JSON type'],
  },
  {
    name: 'finds the keys of a filter among the members of every object',
    Saver: class extends PlainSaver {
      protected override async matches({ checkpoint }: Found, filter: Filter): Promise<boolean> {
        const metadata = (await this.decode(checkpoint.metadata)) as Record<string, unknown>
        return Object.entries(filter).every(
          ([key, value]) =>
            value === undefined || metadata[key] === value || this.equals(metadata[key], value),
        )
      }
    },
    noticedBy: ['the filter compares values of every JSON type'],
  },
  {
    name: 'takes the text of a filter for a pattern',
    Saver: class extends PlainSaver {
      protected override equals(left: unknown, right: unknown): boolean {
        if (typeof left !== 'string' || typeof right !== 'string') return super.equals(left, right)
        const parts = right.split('*').map((part) => part.replace(/[^\w ]/gu, '\\$&'))
        return new RegExp(`^${parts.join('.*')}$`, 's').test(left)
      }
    },
    noticedBy: ['the filter takes every text as it is'],
  },
  {
    name: 'takes `before` for a place in the list',
    Saver: class extends PlainSaver {
      override async *list(...[config, { before, ...options } = {}]: List): Listing {
        const found = before && this.find(this.address(before))
        if (before !== undefined && found === undefined) return
        yield* super.list(config, before === undefined ? options : { ...options, before })
      }
    },
    noticedBy: ['before compares by value, stored or not'],
  },
  {
    name: 'ignores `before`',
    Saver: class extends PlainSaver {
      override async *list(...[config, options = {}]: List): Listing {
        const { before: _, ...others } = options
        yield* super.list(config, others)
      }
    },
    noticedBy: ['before compares by value, stored or not', 'the checkpoint id of the config is honoured'],
  },
  {
    name: 'lists the checkpoint that `before` names',
    Saver: class extends PlainSaver {
      override async *list(...[config, options = {}]: List): Listing {
        const found = options.before && this.find(this.address(options.before))
        const id = options.before?.configurable?.['checkpoint_id'] as string | undefined
        if (found !== undefined && found.checkpoint.id === id) yield await this.tupleOf(found)
        yield* super.list(config, options)
      }
    },
    noticedBy: ['before compares by value, stored or not'],
  },
  {
    name: 'ignores the checkpoint id of a listing',
    Saver: class extends PlainSaver {
      protected override all(address: Address): Found[] {
        return super.all({ ...address, checkpointId: undefined })
      }
    },
    noticedBy: ['the checkpoint id of the config is honoured'],
  },
  {
    name: 'reads pages by their number',
    Saver: class extends PlainSaver {
      override async *list(...[config, options = {}]: List): Listing {
        for (let at = 0; ; at++) {
          const page = this.inListingOrder(this.all(this.address(config))).slice(at, at + 1)
          const [found] = page
          if (found === undefined || at >= this.limitOf(options)) return
          yield await this.tupleOf(found)
        }
      }
    },
    noticedBy: ['a listing tolerates puts meanwhile'],
  },
  {
    name: 'is not to be used again after a listing that was left early',
    Saver: class extends PlainSaver {
      #isListing = false

      override async *list(...[config, options]: List): Listing {
        this.#isListing = true
        for await (const tuple of super.list(config, options)) yield tuple
        this.#isListing = false
      }

      override async getTuple(config: RunnableConfig): Promise<CheckpointTuple | undefined> {
        if (this.#isListing) throw new Error('the connection is busy')
        return await super.getTuple(config)
      }
    },
    noticedBy: ['a listing that is left early hinders nothing'],
  },
  {
    name: 'lists without pending writes',
    Saver: class extends PlainSaver {
      override async *list(...[config, options]: List): Listing {
        for await (const tuple of super.list(config, options)) yield { ...tuple, pendingWrites: [] }
      }
    },
    noticedBy: ['a listed tuple is what getTuple gives'],
  },
  {
    name: 'lists without parents',
    Saver: class extends PlainSaver {
      override async *list(...[config, options]: List): Listing {
        for await (const { parentConfig: _, ...tuple } of super.list(config, options)) yield tuple
      }
    },
    noticedBy: ['a listed tuple is what getTuple gives'],
  },
  {
    name: 'lists old checkpoints without their sends',
    Saver: class extends PlainSaver {
      #isListing = false

      override async *list(...[config, options]: List): Listing {
        this.#isListing = true
        for await (const tuple of super.list(config, options)) yield tuple
        this.#isListing = false
      }

      protected override lacksItsSends(...args: Parameters<PlainSaver['lacksItsSends']>): boolean {
        return !this.#isListing && super.lacksItsSends(...args)
      }
    },
    noticedBy: ['an old checkpoint gets the sends of its parent, in the order of the superstep'],
  },
]
