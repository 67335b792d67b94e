import type { DeltaChannelHistory } from '@langchain/langgraph-checkpoint'
import type { Address } from '../support/plain-saver/address.js'
import { type Found, PlainSaver } from '../support/plain-saver/plain-saver.js'
import type { BrokenSaver } from './broken-saver.js'

type AskedHistory = Parameters<PlainSaver['getDeltaChannelHistory']>[0]
type Histories = Record<string, DeltaChannelHistory>

/** What a delta channel is built from. */
export const faultsOfHistory: readonly BrokenSaver[] = [
  {
    name: 'goes back five hundred checkpoints and no further',
    Saver: class extends PlainSaver {
      protected override *ancestorsOf(found: Found): Generator<Found> {
        let gone = 0
        for (const ancestor of super.ancestorsOf(found)) if (gone++ < 500) yield ancestor
      }
    },
    noticedBy: ['a long chain is walked to its seed'],
  },
  {
    name: 'gives the newest writes first',
    Saver: class extends PlainSaver {
      protected override async historyOf(
        channel: string,
        ancestors: readonly Found[],
      ): Promise<DeltaChannelHistory> {
        const { writes, ...rest } = await super.historyOf(channel, ancestors)
        return { ...rest, writes: writes.reverse() }
      }
    },
    noticedBy: ['a long chain is walked to its seed', 'channels end where their own seed is'],
  },
  {
    name: 'counts the writes of the checkpoint itself',
    Saver: class extends PlainSaver {
      protected override *ancestorsOf(found: Found): Generator<Found> {
        yield { ...found, checkpoint: { ...found.checkpoint, values: new Map() } }
        yield* super.ancestorsOf(found)
      }
    },
    noticedBy: ["the checkpoint's own writes are pending; those of the seed's checkpoint count"],
  },
  {
    name: "leaves out the writes of the seed's checkpoint",
    Saver: class extends PlainSaver {
      protected override async historyOf(
        channel: string,
        ancestors: readonly Found[],
      ): Promise<DeltaChannelHistory> {
        const at = ancestors.findIndex(({ checkpoint }) => checkpoint.values.has(channel))
        if (at < 0) return await super.historyOf(channel, ancestors)
        const { seed } = await super.historyOf(channel, ancestors.slice(at))
        return { ...(await super.historyOf(channel, ancestors.slice(0, at))), seed }
      }
    },
    noticedBy: ["the checkpoint's own writes are pending; those of the seed's checkpoint count"],
  },
  {
    name: 'takes the own value of a checkpoint for the seed',
    Saver: class extends PlainSaver {
      override async getDeltaChannelHistory(asked: AskedHistory): Promise<Histories> {
        const histories = await super.getDeltaChannelHistory(asked)
        const target = this.find(this.address(asked.config))
        for (const [channel, value] of target?.checkpoint.values ?? [])
          if (Object.hasOwn(histories, channel))
            histories[channel] = { writes: [], seed: await this.decode(value) }
        return histories
      }
    },
    noticedBy: ['the own value of a checkpoint is no seed'],
  },
  {
    name: 'always gives a seed',
    Saver: class extends PlainSaver {
      protected override async historyOf(
        channel: string,
        ancestors: readonly Found[],
      ): Promise<DeltaChannelHistory> {
        return { seed: undefined, ...(await super.historyOf(channel, ancestors)) }
      }
    },
    noticedBy: ['without a seed there is no such key, and every channel is there'],
  },
  {
    name: 'leaves out channels without a history',
    Saver: class extends PlainSaver {
      override async getDeltaChannelHistory(asked: AskedHistory): Promise<Histories> {
        const histories = Object.entries(await super.getDeltaChannelHistory(asked))
        return Object.fromEntries(
          histories.filter(([, { writes, seed }]) => writes.length > 0 || seed !== undefined),
        )
      }
    },
    noticedBy: ['without a seed there is no such key, and every channel is there'],
  },
  {
    name: 'takes a stored undefined for a seed',
    Saver: class extends PlainSaver {
      protected override async historyOf(
        channel: string,
        ancestors: readonly Found[],
      ): Promise<DeltaChannelHistory> {
        const at = ancestors.findIndex(({ checkpoint }) => checkpoint.values.has(channel))
        if (at < 0) return await super.historyOf(channel, ancestors)
        return { seed: undefined, ...(await super.historyOf(channel, ancestors.slice(0, at + 1))) }
      }
    },
    noticedBy: ['a stored undefined is no seed'],
  },
  {
    name: 'takes no seed that is falsy',
    Saver: class extends PlainSaver {
      protected override async historyOf(
        channel: string,
        ancestors: readonly Found[],
      ): Promise<DeltaChannelHistory> {
        const { seed, writes } = await super.historyOf(channel, ancestors)
        return seed ? { writes, seed } : { writes }
      }
    },
    noticedBy: ['a seed may be falsy'],
  },
  {
    name: 'ends all channels at the first seed',
    Saver: class extends PlainSaver {
      override async getDeltaChannelHistory(asked: AskedHistory): Promise<Histories> {
        this.#channels = asked.channels
        return await super.getDeltaChannelHistory(asked)
      }

      #channels: readonly string[] = []

      protected override *ancestorsOf(found: Found): Generator<Found> {
        for (const ancestor of super.ancestorsOf(found)) {
          yield ancestor
          if (this.#channels.some((channel) => ancestor.checkpoint.values.has(channel))) return
        }
      }
    },
    noticedBy: ['channels end where their own seed is'],
  },
  {
    name: 'goes over the checkpoints before instead of the parents',
    Saver: class extends PlainSaver {
      protected override *ancestorsOf({ threadId, namespace, checkpoint }: Found): Generator<Found> {
        const all = this.all({ threadId, namespace, checkpointId: undefined })
        for (const found of this.inListingOrder(all)) if (found.checkpoint.id < checkpoint.id) yield found
      }
    },
    noticedBy: ['only ancestors contribute, whatever lies between them'],
  },
  {
    name: 'knows no history without a checkpoint id',
    Saver: class extends PlainSaver {
      #asksForHistory = false

      override async getDeltaChannelHistory(asked: AskedHistory): Promise<Histories> {
        this.#asksForHistory = true
        const histories = super.getDeltaChannelHistory(asked)
        this.#asksForHistory = false
        return await histories
      }

      protected override find(address: Address): Found | undefined {
        return this.#asksForHistory && address.checkpointId === undefined ? undefined : super.find(address)
      }
    },
    noticedBy: ['without a checkpoint id it speaks of the latest'],
  },
  {
    name: 'fails where there is no checkpoint',
    Saver: class extends PlainSaver {
      override async getDeltaChannelHistory(asked: AskedHistory): Promise<Histories> {
        if (this.find(this.address(asked.config)) === undefined) throw new Error('there is no checkpoint')
        return await super.getDeltaChannelHistory(asked)
      }
    },
    noticedBy: ['no channels, no thread, no checkpoint: nothing, and no error'],
  },
  {
    name: 'keeps the histories that it gave',
    Saver: class extends PlainSaver {
      readonly #given = new Map<string, Promise<Histories>>()

      override async getDeltaChannelHistory(asked: AskedHistory): Promise<Histories> {
        const question = JSON.stringify([this.find(this.address(asked.config)), asked.channels])
        const histories = this.#given.get(question) ?? super.getDeltaChannelHistory(asked)
        this.#given.set(question, histories)
        return await histories
      }
    },
    noticedBy: ['what a history gives is made of fresh objects'],
  },
  {
    name: 'goes over the ancestors once for a whole listing, and takes those of the first',
    Saver: class extends PlainSaver {
      readonly #walked = new Map<string, Found[]>()

      protected override *ancestorsOf(found: Found): Generator<Found> {
        const key = JSON.stringify([found.threadId, found.namespace])
        const walked = this.#walked.get(key) ?? [...super.ancestorsOf(found)]
        this.#walked.set(key, walked)
        yield* walked.filter(({ checkpoint }) => checkpoint.id < found.checkpoint.id)
      }
    },
    noticedBy: ['the history of what a listing gives is that of its own ancestors'],
  },
]
