import type { BaseCheckpointSaver, SerializerProtocol } from '@langchain/langgraph-checkpoint'

/** How the suite gets at the checkpointer under test. */
export interface CheckpointerHarness {
  /** For the titles of the tests. */
  readonly name: string
  /**
   * A new checkpointer. All checkpointers of one harness share their storage, as several processes would, and nobody
   * else uses it meanwhile.
   */
  createCheckpointer(options?: CheckpointerOptions): BaseCheckpointSaver | Promise<BaseCheckpointSaver>
  /** Called once for each checkpointer that was created. */
  destroyCheckpointer?(checkpointer: BaseCheckpointSaver): void | Promise<void>
}

export interface CheckpointerOptions {
  /** @default the checkpointer's own */
  readonly serde?: SerializerProtocol
}
