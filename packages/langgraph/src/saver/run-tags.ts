import type { RunnableConfig } from '@langchain/core/runnables'
import type { RunTags } from '../records/checkpoint-record.js'

/** What is kept of every run that says it. */
const ALWAYS: readonly string[] = ['run_id', 'user_id']

/**
 * What a run says of itself, in `config.configurable` or else in `config.metadata`. LangGraph's metadata of a checkpoint has
 * nothing of it. `indexed`: the keys that are kept besides `run_id` and `user_id`. What is no text, number or truth value is
 * left out.
 */
export function runTagsOf(config: RunnableConfig, indexed: readonly string[]): RunTags {
  const tags = new Map<string, string>()
  for (const key of indexed.length === 0 ? ALWAYS : new Set([...ALWAYS, ...indexed])) {
    const value: unknown = config.configurable?.[key] ?? config.metadata?.[key]
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      tags.set(key, String(value))
  }
  return tags
}
