import { SqliteSaver } from '@langchain/langgraph-checkpoint-sqlite'

export function openSqlite(path) {
  const saver = SqliteSaver.fromConnString(path)
  return { saver, close: () => saver.db.close() }
}
