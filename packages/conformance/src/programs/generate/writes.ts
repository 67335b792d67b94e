import { type ChannelName, type Write, messageKinds, singleChannels, valueKinds } from '../plan/channel.js'
import type { Dice } from './dice.js'

/** What a value may be: `sound` is one that two nodes can write at once, and that no reducer refuses. */
export type WriteRange = 'any' | 'sound'

/** A value for one of the channels. */
export function writeTo(dice: Dice, channel: ChannelName, range: WriteRange = 'any'): Write {
  switch (channel) {
    case 'log':
    case 'events':
      return { channel, overwrites: dice.chance(0.06) && range === 'any' }
    case 'count':
      return { channel }
    case 'note':
    case 'scratch':
    case 'doc':
    case 'facts':
      return { channel, value: dice.pick(valueKinds) }
    case 'messages':
    case 'chat':
      return {
        channel,
        message:
          dice.chance(0.6) || range === 'sound'
            ? dice.pick(['human', 'ai', 'nameless'] as const)
            : dice.pick(messageKinds),
      }
  }
}

/** Values for some of the channels, of each one at the most. */
export function someWrites(
  dice: Dice,
  channels: readonly ChannelName[],
  share: number,
  range: WriteRange = 'any',
): Write[] {
  return dice.some(channels, share).map((channel) => writeTo(dice, channel, range))
}

/** Channels that nodes which run at once can all write. */
export function sharedChannels(channels: readonly ChannelName[]): ChannelName[] {
  return channels.filter((channel) => !singleChannels.includes(channel) && channel !== 'scratch')
}
