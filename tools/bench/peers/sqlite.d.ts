import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint'

export declare function openSqlite(path: string): { readonly saver: BaseCheckpointSaver; close(): void }
