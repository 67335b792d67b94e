import { JsonPlusSerializer } from '@langchain/langgraph-checkpoint'
import type { Fragment } from '../fragments/fragment.js'
import { type WrittenObject, isLoadable, objectsIn } from './loadable-classes.js'
import { refuseFailure, unknownClass } from './unstorable-value.js'

/** What LangGraph's serializer wrote. */
export interface Dumped {
  readonly fragment: Fragment
  /** What is in it of classes that LangChain was not asked for yet. */
  readonly unasked: readonly WrittenObject[]
}

/**
 * LangGraph's serializer, asked for its bytes at once: they are made before the call returns in any case. Throws
 * `UnstorableValue` where it would write that it failed, and for what it could not read again.
 */
export class StockSerializer extends JsonPlusSerializer {
  dump(value: unknown): Dumped {
    const bytes = this._dumps(value)
    refuseFailure(bytes, value)
    const objects = objectsIn(bytes)
    const unknown = objects.find((object) => isLoadable(object) === false)
    if (unknown !== undefined) throw unknownClass(unknown)
    const unasked = objects.filter((object) => isLoadable(object) === undefined)
    return { fragment: { type: 'json', bytes, refs: [] }, unasked }
  }

  /** Makes what was written: by the LangChain that came with the serializer, which may be another copy than ours. */
  readonly make = async (json: string): Promise<unknown> => (await this.loadsTyped('json', json)) as unknown
}
