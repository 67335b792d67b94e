import { JsonPlusSerializer } from '@langchain/langgraph-checkpoint'
import type { Node } from './node.js'
import { refuseFailure } from './unstorable-value.js'

/**
 * LangGraph's serializer, asked for its bytes at once: they are made before the call returns in any case. Throws
 * `UnstorableValue` where it would write that it failed.
 */
export class StockSerializer extends JsonPlusSerializer {
  dump(value: unknown): Node {
    const bytes = this._dumps(value)
    refuseFailure(bytes, value)
    return { type: 'json', bytes, refs: [] }
  }
}
