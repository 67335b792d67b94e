import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint'

export interface WorkloadContext {
  readonly saver: BaseCheckpointSaver
  /** The thread to use, or what the names of its threads begin with. */
  readonly thread: string
  readonly seed: number
  readonly turns: number
  /** Whether the saver keeps more than the last checkpoint. */
  readonly history: boolean
}

/** What a workload tells the clock. */
export interface Stopwatch {
  /** One turn. Turns may overlap. */
  time<T>(work: () => Promise<T>): Promise<T>
}

/** A workload whose untimed part is done. */
export interface PreparedWorkload {
  run(stopwatch: Stopwatch): Promise<void>
  /** Throws if what a saver that knows only the storage reads is not what was written. */
  verify(reopened: BaseCheckpointSaver): Promise<void>
}

export interface Workload {
  readonly id: string
  readonly title: string
  /** What is timed. */
  readonly unit: 'turn' | 'read'
  /** How many are timed. */
  readonly turns: { readonly full: number; readonly quick: number }
  /** Who takes part in a quick run that names no savers. @default everyone */
  readonly quickSavers?: readonly string[]
  /** What a timed round runs in: the process of the rounds before it, or one that has just started. @default 'kept' */
  readonly process?: 'kept' | 'new'
  /** How many warm a saver up before it is timed, and are watched by MONITOR. A quick run does with half of them. */
  readonly warmUpTurns: number
  /**
   * Untimed rounds, each on a thread of its own, because V8 compiles and forgets: a process that has just started, or stood
   * by while others were timed, takes up to three times as long for a turn as one that has run two thousand. Behind the
   * warm-up as many as make it faster, `most` at the most; `each` before every timed round. A quick run has only the
   * former, and of those as many as fit into `quickMs` milliseconds.
   * @default none; quickMs 0
   */
  readonly settling?: { readonly most: number; readonly each: number; readonly quickMs?: number }
  /** Whether it reads checkpoints other than the last. */
  readonly needsHistory: boolean
  /** Whether the first and the last 20 turns do the same on a thread that grew meanwhile. */
  readonly grows: boolean
  /** Whether the bare client is measured beside the savers, with the calls and bytes of Cairn on ioredis. */
  readonly ceiling: boolean
  /**
   * Whether it is measured a second time on a server that holds a million keys of others; only savers on one Redis
   * server take part then. @default false
   */
  readonly crowded?: boolean
  /** Rounds that it has at least, because each is short. @default 1 */
  readonly leastRounds?: number
  prepare(context: WorkloadContext): Promise<PreparedWorkload>
}
