import type { ChannelName, Write } from './channel.js'

/** The root graph. Its subgraphs have the same channels, and give back those that have a reducer. */
export interface GraphPlan extends LayeredPlan {
  readonly channels: readonly ChannelName[]
  /** How many updates of a DeltaChannel make a snapshot. */
  readonly snapshotFrequency: number
  readonly interruptBefore: readonly string[]
  readonly interruptAfter: readonly string[]
}

/** The nodes of a graph, in layers that run one after the other. */
export interface LayeredPlan {
  readonly layers: readonly LayerPlan[]
  /** Whether the last layer may go back to the first, as a condition on the state says. */
  readonly loops: boolean
}

/**
 * How a layer is reached from the one before it.
 * - `all`: an edge from each node to each node
 * - `join`: an edge from all nodes together, which waits for each of them
 * - `choose`: a conditional edge, which takes some of the nodes, or ends the graph
 * - `send`: a conditional edge, which sends one to three packets to the first node
 * - `goto`: the nodes before it return a Command that names it; those that cannot have edges
 */
export type Link = 'all' | 'join' | 'choose' | 'send' | 'goto'

export interface LayerPlan {
  readonly link: Link
  readonly nodes: readonly NodePlan[]
}

export type NodePlan = FunctionNode | SubgraphNode

export interface FunctionNode {
  readonly kind: 'function'
  /** Unique in the program. */
  readonly name: string
  readonly acts: readonly Act[]
  /** How often it is tried in one run; more than 1 is a retry policy. */
  readonly attempts: number
  /** Whether an error handler takes its place once it has failed. */
  readonly isRescued: boolean
}

/**
 * The `checkpointer` that a subgraph is compiled with.
 * - `inherits`: none given, so it has its parent's for one call
 * - `own`: true, so its state stays from call to call
 * - `none`: false
 */
export type SubgraphCheckpointer = 'inherits' | 'own' | 'none'

export interface Subgraph {
  readonly checkpointer: SubgraphCheckpointer
  readonly graph: LayeredPlan
}

export interface SubgraphNode extends Subgraph {
  readonly kind: 'subgraph'
  readonly name: string
}

/** What a node does, one after the other. */
export type Act =
  /** Returns a value for a channel. */
  | { readonly act: 'write'; readonly write: Write }
  /** Changes the value that it was given in place, and returns it too or not. */
  | { readonly act: 'change'; readonly channel: ChannelName; readonly returned: boolean }
  /** Asks a person, so many times in a row. */
  | { readonly act: 'ask'; readonly times: number }
  /** Throws, the first `times` times that it runs for a thread. */
  | { readonly act: 'fail'; readonly times: number }
  /** Invokes a subgraph within the function. */
  | { readonly act: 'call'; readonly subgraph: Subgraph; readonly times: number }
  /** Sends a chunk of its own to whoever streams. */
  | { readonly act: 'tell' }
  /** Returns a Command to the parent graph, which may name one of its nodes. */
  | { readonly act: 'leave'; readonly goto?: string }

/** Fails however often it is tried. */
export const ALWAYS = 1_000_000
