import type { BaseCheckpointSaver, SerializerProtocol } from '@langchain/langgraph-checkpoint'

/** Gives the suite access to the checkpointer under test. */
export interface CheckpointerHarness {
  /** Appears in the titles of the tests. */
  readonly name: string
  /**
   * Creates a checkpointer. All checkpointers of one harness share one storage, as several processes would, and nothing else
   * uses that storage meanwhile.
   */
  createCheckpointer(options?: CheckpointerOptions): BaseCheckpointSaver | Promise<BaseCheckpointSaver>
  /** Called once for each checkpointer that was created. */
  destroyCheckpointer?(checkpointer: BaseCheckpointSaver): void | Promise<void>
}

/** The options that the suite passes to a checkpointer. */
export interface CheckpointerOptions {
  /** Serializes values. @default the checkpointer's own */
  readonly serde?: SerializerProtocol
}
