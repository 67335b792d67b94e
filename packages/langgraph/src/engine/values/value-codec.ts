import type { ObjectId } from '@cairnkit/core'
import { JsonPlusSerializer, type SerializerProtocol } from '@langchain/langgraph-checkpoint'
import { DamagedFragment } from '../fragments/damaged-fragment.js'
import { serializerTypeOf, typeOfSerializer } from '../fragments/fragment-types.js'
import type { Fragment } from '../fragments/fragment.js'
import { areClassesSettled, settleClasses } from '../messages/message-classes.js'
import type { DecodedObject } from '../objects/decoded-object.js'
import type { EncodedValue } from '../objects/place-value.js'
import { type WrittenObject, askLoadable, isLoadable, objectsIn } from './loadable-classes.js'
import { StockSerializer } from './stock-serializer.js'
import { unknownClass } from './unstorable-value.js'
import { readValue } from './value-reader.js'
import { writeValue } from './value-writer.js'

/** Values to fragments and back: through the engine, or through a serializer of the user's exactly as it is. */
export class ValueCodec {
  readonly #serde: () => SerializerProtocol
  readonly #stock = new StockSerializer()

  /** `serde` is asked anew on each use: it is a public, writable field of every LangGraph saver. */
  constructor(serde: () => SerializerProtocol) {
    this.#serde = serde
    // Now, and not within the first read: LangChain takes a millisecond over the first object that it makes.
    void settleClasses(this.#stock.make)
  }

  /**
   * Takes a value to pieces, now: the caller may change it as soon as the call that stores it has returned. A promise
   * where a serializer of the user's takes longer over its bytes, and where LangChain is asked for a class.
   *
   * Throws `UnstorableValue`, or rejects with it, for a value that would not come back.
   */
  encode(value: unknown): EncodedValue | Promise<EncodedValue> {
    if (!this.#isEngine) return this.#dump(this.#serde(), value)
    const { encoded, unasked } = writeValue(this.#stock, value)
    return unasked.length === 0 ? encoded : this.#refuseUnknown(unasked).then(() => encoded)
  }

  /**
   * The value of a fragment, made of new objects; a promise only where a serializer has to be asked, and the first time.
   * `open` gives the objects that it reaches, and throws for a missing one.
   */
  decode(fragment: Fragment, open: (id: ObjectId) => DecodedObject): unknown {
    const load = (part: Fragment): Promise<unknown> => this.#load(part)
    if (serializerTypeOf(fragment.type) !== undefined) return load(fragment)
    const read = (): unknown => readValue({ open, load }, fragment)
    return areClassesSettled() ? read() : settleClasses(this.#stock.make).then(read)
  }

  /** A subclass may have changed anything, so it counts as the user's own. */
  get #isEngine(): boolean {
    return Object.getPrototypeOf(this.#serde()) === JsonPlusSerializer.prototype
  }

  /**
   * What a serializer of the user's says, as for a wrong key: only its author knows whether that shows a value. A parser of
   * JSON, and what LangChain's own serializer does below a subclass, quote what they read.
   */
  #wordsOf(cause: unknown): string {
    if (!(cause instanceof Error)) return typeof cause
    const quotes = cause instanceof SyntaxError || this.#serde() instanceof JsonPlusSerializer
    return quotes || cause.message === '' ? cause.name : `${cause.name}: ${cause.message}`
  }

  async #dump(serde: SerializerProtocol, value: unknown): Promise<EncodedValue> {
    // A serializer may hand back the very bytes it was given, and those are the caller's.
    const [type, data] = await serde.dumpsTyped(copyOfBytes(value))
    const bytes = typeof data === 'string' ? Buffer.from(data, 'utf8') : data
    return { fragment: { type: typeOfSerializer(type), bytes, refs: [] }, children: [] }
  }

  async #load(fragment: Fragment): Promise<unknown> {
    const type = serializerTypeOf(fragment.type) ?? fragment.type
    // Text is decoded and forgotten; other bytes may become the value itself, and then nobody else may hold them.
    const bytes = type === 'json' ? fragment.bytes : Uint8Array.from(fragment.bytes)
    try {
      return (await this.#serde().loadsTyped(type, bytes)) as unknown
    } catch (cause) {
      if (!this.#isEngine) throw new UnreadableValue(`its serializer threw ${this.#wordsOf(cause)}`)
      if (cause instanceof SyntaxError) throw new DamagedFragment('it is no JSON')
      throw new UnreadableValue(type === 'json' ? await this.#reasonOf(bytes) : UNKNOWN_TYPE)
    }
  }

  /** Why LangChain makes no value of what LangGraph's serializer wrote. */
  async #reasonOf(json: Uint8Array): Promise<string> {
    for (const object of objectsIn(json)) {
      const what = JSON.stringify(object.id.join('/'))
      if (!(isLoadable(object) ?? (await askLoadable(object, this.#stock.make))))
        return `LangChain does not know its class ${what}`
    }
    return 'a class of LangChain did not take what it was written with'
  }

  async #refuseUnknown(objects: readonly WrittenObject[]): Promise<void> {
    for (const object of objects)
      if (!(await askLoadable(object, this.#stock.make))) throw unknownClass(object)
  }
}

/**
 * Bytes that are as they were written, and that a serializer makes no value of. Says nothing of what the serializer said,
 * for that may be the value itself.
 */
export class UnreadableValue extends Error {
  override readonly name = 'UnreadableValue'
}

const UNKNOWN_TYPE = 'it was written by another serializer'

function copyOfBytes(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return Buffer.from(value)
  return value instanceof Uint8Array ? Uint8Array.from(value) : value
}
