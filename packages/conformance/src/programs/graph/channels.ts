import {
  Annotation,
  type BaseChannel,
  DeltaChannel,
  UntrackedValueChannel,
  messagesDeltaReducer,
  messagesStateReducer,
} from '@langchain/langgraph'
import type { BaseMessage } from '@langchain/core/messages'
import type { ChannelName } from '../plan/channel.js'
import type { GraphPlan } from '../plan/graph-plan.js'

/** Whatever `Annotation.Root` takes. */
export type ChannelDefinitions = Record<string, BaseChannel | (() => BaseChannel)>

/** A loop must not make a state that grows for ever: lists keep their end, and counts begin anew. */
const MOST_ENTRIES = 8
const COUNT_LIMIT = 1000

export function channelsOf({ channels, snapshotFrequency }: GraphPlan): ChannelDefinitions {
  return Object.fromEntries(channels.map((name) => [name, channelOf(name, snapshotFrequency)]))
}

/** What a subgraph gives back: only channels with a reducer, for several subgraphs may end at once. */
export function outputChannelsOf(all: ChannelDefinitions): ChannelDefinitions {
  const given: readonly ChannelName[] = ['log', 'count', 'facts', 'messages', 'events', 'chat']
  return Object.fromEntries(Object.entries(all).filter(([name]) => given.some((each) => each === name)))
}

function channelOf(name: ChannelName, snapshotFrequency: number): BaseChannel | (() => BaseChannel) {
  switch (name) {
    case 'log':
      return Annotation<string[]>({
        reducer: (left, right) => [...left, ...right].slice(-MOST_ENTRIES),
        default: () => [],
      })
    case 'count':
      return Annotation<number>({
        reducer: (left, right) => (left + right) % COUNT_LIMIT,
        default: () => 0,
      })
    case 'note':
    case 'doc':
      return Annotation<unknown>()
    case 'facts':
      return Annotation<Record<string, unknown>>({
        reducer: (left, right) => ({ ...left, ...right }),
        default: () => ({}),
      })
    case 'messages':
      return Annotation<BaseMessage[]>({ reducer: messagesStateReducer, default: () => [] })
    case 'events':
      return new DeltaChannel<string[], string[]>(
        (state, writes) => [...state, ...writes.flat()].slice(-MOST_ENTRIES),
        { snapshotFrequency },
      ) as BaseChannel
    case 'chat':
      return new DeltaChannel<BaseMessage[], BaseMessage[]>(messagesDeltaReducer, {
        snapshotFrequency,
      }) as BaseChannel
    case 'scratch':
      return new UntrackedValueChannel<unknown>({ guard: false }) as BaseChannel
  }
}
