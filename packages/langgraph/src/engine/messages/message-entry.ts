import { type ObjectId, objectId } from '@cairnkit/core'
import { sizeOfJson, sizeOfText } from '../../bounds/memory-size.js'
import { fragmentType } from '../fragments/fragment-types.js'
import { frameFragment } from '../fragments/fragment.js'
import { takeOnce } from '../fragments/take-once.js'
import { hashOf } from './cut-hash.js'
import type { KnownPack } from './known-piece.js'
import { type Kwargs, type MessageClass, classNamed } from './message-classes.js'
import { shareEmpty } from './plain-json.js'

/** An entry, its fields, and its place in a list. */
const ENTRY_BYTES = 160

let lastSerial = 0

/**
 * A message as the engine stores it: its body, and its id apart. LangGraph gives a message its id after the write that
 * holds it was stored, so the same body stands in the write without an id and in the channel with one; it is stored
 * once.
 */
export class MessageEntry {
  readonly messageClass: MessageClass
  readonly kwargs: Kwargs
  readonly messageId: string | undefined
  /** How many fields there are. */
  readonly fieldCount: number
  /** Tells it from all others of the process, without holding it. */
  readonly serial: number = ++lastSerial
  /** The pack that began with it last. */
  pack: KnownPack | undefined = undefined
  #bodyId: ObjectId | undefined
  #cutHash: number | undefined
  #costBytes: number | undefined
  /** The same body under the id that was asked for last. */
  #sameBodyOtherId: MessageEntry | undefined

  constructor(messageClass: MessageClass, kwargs: Kwargs, messageId: string | undefined, bodyId?: ObjectId) {
    this.messageClass = messageClass
    this.kwargs = kwargs
    this.messageId = messageId
    this.fieldCount = Object.keys(kwargs).length
    this.#bodyId = bodyId
  }

  /** What it takes to remember it, by estimate. */
  get costBytes(): number {
    this.#costBytes ??=
      ENTRY_BYTES +
      sizeOfJson(this.kwargs) +
      (this.messageId === undefined ? 0 : sizeOfText(this.messageId)) +
      (this.#bodyId === undefined ? 0 : sizeOfText(this.#bodyId))
    return this.#costBytes
  }

  /** The object that holds the body. Costs a hash on the first use. */
  get bodyId(): ObjectId {
    this.#bodyId ??= objectId(this.#frame())
    return this.#bodyId
  }

  /** What tells this message from others of its list: its id, or its body where it has none. */
  get name(): string {
    return this.messageId ?? this.bodyId
  }

  /** Decides where lists are cut: a hash of {@link name}. */
  get cutHash(): number {
    this.#cutHash ??= hashOf(this.name)
    return this.#cutHash
  }

  /** The body as an object: its name, and what makes its bytes. */
  get body(): { readonly id: ObjectId; readonly bytes: () => Uint8Array } {
    const again = (): Uint8Array => this.#frame()
    if (this.#bodyId !== undefined) return { id: this.#bodyId, bytes: again }
    // A new body is most likely sent: it is not written out twice.
    const frame = this.#frame()
    this.#bodyId = objectId(frame)
    return { id: this.#bodyId, bytes: takeOnce(frame, again) }
  }

  /** The same body under another id. */
  withId(messageId: string | undefined): MessageEntry {
    if (this.messageId === messageId) return this
    if (this.#sameBodyOtherId?.messageId !== messageId || this.#sameBodyOtherId === undefined) {
      this.#sameBodyOtherId = new MessageEntry(this.messageClass, this.kwargs, messageId, this.#bodyId)
      this.#sameBodyOtherId.#sameBodyOtherId = this
    }
    this.#sameBodyOtherId.#bodyId ??= this.#bodyId
    return this.#sameBodyOtherId
  }

  /** The message as an item of a pack: `[class, kwargs]` or `[class, kwargs, id]`. */
  toJSON(): readonly unknown[] {
    const { messageClass, kwargs, messageId } = this
    return messageId === undefined ? [messageClass.name, kwargs] : [messageClass.name, kwargs, messageId]
  }

  /** The inverse of {@link toJSON}, for the item of a pack and for a body; `undefined` if it is neither. */
  static from(item: unknown, bodyId?: ObjectId): MessageEntry | undefined {
    if (!Array.isArray(item)) return undefined
    const [className, kwargs, messageId]: unknown[] = item
    const messageClass = typeof className === 'string' ? classNamed(className) : undefined
    if (messageClass === undefined) return undefined
    if (typeof kwargs !== 'object' || kwargs === null) return undefined
    if (messageId !== undefined && typeof messageId !== 'string') return undefined
    shareEmpty(kwargs)
    return new MessageEntry(messageClass, kwargs as Kwargs, messageId, bodyId)
  }

  #frame(): Uint8Array {
    const bytes = Buffer.from(JSON.stringify([this.messageClass.name, this.kwargs]), 'utf8')
    return frameFragment({ type: fragmentType.message, bytes, refs: [] })
  }
}
