import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint'

export interface OpenedPostgres {
  readonly saver: BaseCheckpointSaver
  /** Removes every thread. */
  clear(): Promise<void>
  /** Tables, indexes and TOAST; without the WAL. */
  storedBytes(): Promise<number>
  close(): Promise<void>
}

export declare function openPostgres(connectionString: string): Promise<OpenedPostgres>
