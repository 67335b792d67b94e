import { type BaseCheckpointSaver, MemorySaver } from '@langchain/langgraph-checkpoint'
import { AlteredMemorySaver } from './altered-memory-saver.js'
import type { ReferenceTraits } from './reference-traits.js'

/** Creates LangGraph's own `MemorySaver`, changed only as `traits` says. */
export function createReference(traits: ReferenceTraits = {}): BaseCheckpointSaver {
  return Object.keys(traits).length === 0 ? new MemorySaver() : new AlteredMemorySaver(traits)
}
