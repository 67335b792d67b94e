import { JsonPlusSerializer } from '@langchain/langgraph-checkpoint'
import type { Node } from './node.js'

/** LangGraph's serializer, asked for its bytes at once: they are made before the call returns in any case. */
export class StockSerializer extends JsonPlusSerializer {
  dump(value: unknown): Node {
    return { type: 'json', bytes: this._dumps(value), refs: [] }
  }
}
