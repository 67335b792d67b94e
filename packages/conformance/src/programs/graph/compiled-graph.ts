import type { RunnableConfig } from '@langchain/core/runnables'
import type { StateSnapshot } from '@langchain/langgraph'

/** The config of a call: an address, and what LangGraph takes beside it. */
export type CallConfig = RunnableConfig & Readonly<Record<string, unknown>>

/** What a program does with a compiled graph. */
export interface CompiledGraph {
  invoke(input: unknown, config: CallConfig): Promise<unknown>
  stream(input: unknown, config: CallConfig): Promise<ReadableStream<unknown> & AsyncIterable<unknown>>
  getState(config: CallConfig, options?: { readonly subgraphs?: boolean }): Promise<StateSnapshot>
  getStateHistory(config: CallConfig, options?: object): AsyncIterable<StateSnapshot>
  updateState(config: CallConfig, values: unknown, asNode?: string): Promise<RunnableConfig>
  bulkUpdateState(config: CallConfig, supersteps: readonly object[]): Promise<RunnableConfig>
}
