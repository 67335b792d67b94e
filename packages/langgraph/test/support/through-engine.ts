import { JsonPlusSerializer, type SerializerProtocol } from '@langchain/langgraph-checkpoint'
import { missingObjects } from '../../src/engine/objects/new-object.js'
import { ObjectCache } from '../../src/engine/objects/object-cache.js'
import { ObjectView } from '../../src/engine/objects/object-view.js'
import type { EncodedValue } from '../../src/engine/objects/place-value.js'
import { ValueCodec } from '../../src/engine/values/value-codec.js'

export const stock: SerializerProtocol = new JsonPlusSerializer()

export function newCodec(): ValueCodec {
  return new ValueCodec(() => stock)
}

/** What comes back after everything was written as bytes and read with nothing in any cache. */
export async function decoded(codec: ValueCodec, value: EncodedValue): Promise<unknown> {
  const objects = new Map(
    [...missingObjects(value.children, () => false).values()].map((object) => [
      object.id,
      { bytes: Uint8Array.from(object.bytes()), refs: object.refs },
    ]),
  )
  const view = new ObjectView(new ObjectCache(0), objects)
  const missing = view.missingFrom(value.fragment.refs)
  if (missing.length > 0) throw new Error(`The objects ${missing.join()} were not written`)
  return await codec.decode(value.fragment, view.open)
}

export async function throughEngine(value: unknown, codec: ValueCodec = newCodec()): Promise<unknown> {
  return await decoded(newCodec(), await codec.encode(value))
}

/** What LangGraph's own serializer makes of it. */
export async function throughStock(value: unknown): Promise<unknown> {
  const [type, bytes] = await stock.dumpsTyped(value)
  // From a storage come plain bytes, whatever class they had before.
  return (await stock.loadsTyped(type, Uint8Array.from(bytes))) as unknown
}
