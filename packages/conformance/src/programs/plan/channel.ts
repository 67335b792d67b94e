/**
 * The channels of a program's state. Which of them a program has differs; `log` and `count` it always has.
 * - `log`: texts, a reducer that appends; every node adds what it is called and what it has seen
 * - `count`: a number, a reducer that adds
 * - `note`: any value, no reducer
 * - `doc`: an object, no reducer
 * - `facts`: an object, a reducer that merges
 * - `messages`: messages, LangGraph's reducer
 * - `events`: texts in a DeltaChannel
 * - `chat`: messages in a DeltaChannel
 * - `scratch`: a value that is never stored
 */
export const channelNames = [
  'log',
  'count',
  'note',
  'doc',
  'facts',
  'messages',
  'events',
  'chat',
  'scratch',
] as const

export type ChannelName = (typeof channelNames)[number]

/** Channels that take one value in a superstep: two nodes that run at once cannot both write them. */
export const singleChannels: readonly ChannelName[] = ['note', 'doc']

/** Channels whose values a node can change in place. */
export const changeableChannels: readonly ChannelName[] = ['doc', 'facts', 'log']

/** Values of a kind are made from the name of who writes them and from what that one has seen. */
export const valueKinds = [
  'number',
  'text',
  'long text',
  'nothing',
  'list',
  'tree',
  'map',
  'set',
  'date',
  'bytes',
  'undefined inside',
] as const

export type ValueKind = (typeof valueKinds)[number]

/**
 * - `human`, `ai`, `tool`: one message with an id; a tool message follows the call that it answers
 * - `nameless`: a message whose id the reducer makes
 * - `plain`: an object that the reducer makes a message of
 * - `replace`: another text for the last message
 * - `remove`: the last message goes
 * - `clear`: all messages go, but for one that is new
 */
export const messageKinds = [
  'human',
  'ai',
  'tool',
  'nameless',
  'plain',
  'replace',
  'remove',
  'clear',
] as const

export type MessageKind = (typeof messageKinds)[number]

/** One value for one channel. */
export type Write =
  | { readonly channel: 'log' | 'events'; readonly overwrites: boolean }
  | { readonly channel: 'count' }
  | { readonly channel: 'note' | 'scratch'; readonly value: ValueKind }
  | { readonly channel: 'doc' | 'facts'; readonly value: ValueKind }
  | { readonly channel: 'messages' | 'chat'; readonly message: MessageKind }
