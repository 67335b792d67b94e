import type { Write } from './channel.js'

export type ThreadName = 'A' | 'B'

/** When a run writes, LangGraph's own option. */
export type Durability = 'sync' | 'async' | 'exit'

export const streamModes = [
  'values',
  'updates',
  'messages',
  'custom',
  'checkpoints',
  'tasks',
  'debug',
] as const

export type StreamMode = (typeof streamModes)[number]

/** An older checkpoint of the thread; without one, or while the thread has none, the latest counts. */
export interface Place {
  /** Its position in the history, newest first, modulo the length of the history. */
  readonly nth: number
  /**
   * - `snapshot`: the config as the history gives it
   * - `address`: thread, namespace and checkpoint
   * - `id alone`: thread and checkpoint
   */
  readonly as: 'snapshot' | 'address' | 'id alone'
}

/** Who is answered: whoever asks, by one value; or by the ids of interrupts the first, the last, or all. */
export type Answers = 'value' | 'first' | 'last' | 'all'

export type RunInput =
  | { readonly kind: 'values'; readonly writes: readonly Write[] }
  /** `null`: goes on where the thread stands. */
  | { readonly kind: 'go on' }
  | { readonly kind: 'resume'; readonly answers: Answers; readonly writes: readonly Write[] }
  | { readonly kind: 'command'; readonly writes: readonly Write[]; readonly goto?: string }

/** Where a run is broken off: in the execution number `nth` of a node within this step. */
export interface Stop {
  readonly node: string
  readonly nth: number
}

export interface RunStep {
  readonly do: 'run'
  readonly input: RunInput
  readonly place?: Place
  readonly durability?: Durability
  readonly interruptBefore?: readonly string[]
  /** @default invoke */
  readonly stream?: { readonly modes: readonly StreamMode[]; readonly subgraphs: boolean }
  readonly stop?: Stop
}

/** The values of one update; `null` writes none. */
export interface Update {
  readonly writes: readonly Write[] | null
  /** A node, or `__end__`, `__input__`, `__copy__`. @default whatever LangGraph makes of it */
  readonly asNode?: string
}

/** Which graph a step looks at: the root, or the first subgraph of which the thread has a state. */
export type Within = 'root' | 'subgraph'

export type Action =
  | RunStep
  | { readonly do: 'update'; readonly within: Within; readonly place?: Place; readonly update: Update }
  | {
      readonly do: 'bulk update'
      readonly place?: Place
      readonly supersteps: readonly (readonly Update[])[]
    }
  | { readonly do: 'state'; readonly within: Within; readonly place?: Place; readonly subgraphs: boolean }
  | {
      readonly do: 'history'
      readonly within: Within
      readonly limit?: number
      readonly before?: number
      readonly filter?: { readonly source?: 'input' | 'loop' | 'update' | 'fork'; readonly step?: number }
    }
  /** All that the saver lists of the thread; `unversioned`: the values of channels without a version too. */
  | { readonly do: 'list'; readonly unversioned: boolean }
  | { readonly do: 'delete' }

/** What is done with a thread, by whatever saver. */
export type ThreadAction = Action & { readonly thread: ThreadName }

export type Step = ThreadAction & {
  /** The name of the saver that this step uses. */
  readonly saver: string
  /** By how much the clock of the server that runs it differs from the true one, in milliseconds. @default 0 */
  readonly clockMs?: number
}
