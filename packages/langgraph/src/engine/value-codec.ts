import type { ObjectId } from '@cairnkit/core'
import { JsonPlusSerializer, type SerializerProtocol } from '@langchain/langgraph-checkpoint'
import type { OpenNode } from './node-cache.js'
import { serializerTypeOf, typeOfSerializer } from './node-types.js'
import type { EncodedValue, Node } from './node.js'
import { StockSerializer } from './stock-serializer.js'
import { readValue } from './value-reader.js'
import { writeValue } from './value-writer.js'

/** Values to nodes and back: through the engine, or through a serializer of the user's exactly as it is. */
export class ValueCodec {
  readonly #serde: () => SerializerProtocol
  readonly #stock = new StockSerializer()

  /** `serde` is asked anew on each use: it is a public, writable field of every LangGraph saver. */
  constructor(serde: () => SerializerProtocol) {
    this.#serde = serde
  }

  /**
   * Takes a value to pieces, now: the caller may change it as soon as the call that stores it has returned. Only a
   * serializer of the user's may take longer over its bytes.
   */
  encode(value: unknown): EncodedValue | Promise<EncodedValue> {
    if (!this.#isEngine) return this.#dump(this.#serde(), value)
    return writeValue(this.#stock, value)
  }

  /**
   * The value of a node, made of new objects; a promise only where a serializer has to be asked. `open` gives the objects
   * that it reaches, and throws for a missing one.
   */
  decode(node: Node, open: (id: ObjectId) => OpenNode): unknown {
    const load = (part: Node): Promise<unknown> => this.#load(part)
    if (serializerTypeOf(node.type) !== undefined) return load(node)
    return readValue({ open, load }, node)
  }

  /** A subclass may have changed anything, so it counts as the user's own. */
  get #isEngine(): boolean {
    return Object.getPrototypeOf(this.#serde()) === JsonPlusSerializer.prototype
  }

  async #dump(serde: SerializerProtocol, value: unknown): Promise<EncodedValue> {
    // A serializer may hand back the very bytes it was given, and those are the caller's.
    const [type, data] = await serde.dumpsTyped(copyOfBytes(value))
    const bytes = typeof data === 'string' ? Buffer.from(data, 'utf8') : data
    return { node: { type: typeOfSerializer(type), bytes, refs: [] }, below: [] }
  }

  async #load(node: Node): Promise<unknown> {
    const type = serializerTypeOf(node.type) ?? node.type
    // Text is decoded and forgotten; other bytes may become the value itself, and then nobody else may hold them.
    const bytes = type === 'json' ? node.bytes : Uint8Array.from(node.bytes)
    return (await this.#serde().loadsTyped(type, bytes)) as unknown
  }
}

function copyOfBytes(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return Buffer.from(value)
  return value instanceof Uint8Array ? Uint8Array.from(value) : value
}
