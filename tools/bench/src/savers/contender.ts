import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint'

/** What a contender needs to be there before it can start. */
export type Need = 'redis' | 'cluster' | 'crowd' | 'postgres' | 'peers' | 'modules'

/** `crowd`: a server that also holds a million keys of others. */
export type RedisPlace = 'redis' | 'cluster' | 'crowd'

/** What the bench started for the contenders, as plain data: it crosses a process border. */
export interface Places {
  readonly redisUrl?: string | undefined
  readonly clusterUrl?: string | undefined
  readonly crowdUrl?: string | undefined
  readonly postgresUrl?: string | undefined
  /** An empty directory for files. */
  readonly directory: string
}

/** A saver on storage of its own. */
export interface OpenedContender {
  readonly saver: BaseCheckpointSaver
  /** Ends this saver and gives one that knows only what is stored. */
  reopen(): Promise<BaseCheckpointSaver>
  /** What is stored now, where the process itself knows it; a Redis server is asked by the bench. */
  storedBytes?(): Promise<number>
  close(): Promise<void>
}

export interface Contender {
  readonly id: string
  readonly title: string
  readonly needs: readonly Need[]
  /** The Redis deployment that its data is on, if it is on one. */
  readonly redis?: RedisPlace
  /** Whether it keeps more than the last checkpoint. */
  readonly history: boolean
  /** Whether another process finds what this one wrote. */
  readonly durable: boolean
  /** Opens the saver with nothing stored; with `keep`, on what another process of this run has stored. */
  open(places: Places, mode: 'empty' | 'keep'): Promise<OpenedContender>
}

/** Whether the calls of a contender go over a connection. */
export function hasServer({ redis, needs }: Contender): boolean {
  return redis !== undefined || needs.includes('postgres')
}

export function required<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`${what} was not started`)
  return value
}
