import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint'

export declare function openRedisSaver(
  url: string,
): Promise<{ readonly saver: BaseCheckpointSaver; close(): Promise<void> }>
