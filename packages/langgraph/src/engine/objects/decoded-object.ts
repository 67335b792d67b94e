import type { ObjectId } from '@cairnkit/core'
import { detach } from '../fragments/detach.js'
import { fragmentType } from '../fragments/fragment-types.js'
import type { Fragment } from '../fragments/fragment.js'
import { parseJson } from '../fragments/json-data.js'
import { MessageEntry } from '../messages/message-entry.js'
import { costOfEntries, rememberPack } from './known-pieces.js'
import { OBJECT_BYTES, costOfObject } from './new-object.js'

/** An object as it is kept for reading: messages are parsed, everything else stays bytes. */
export interface DecodedObject {
  readonly type: string
  readonly refs: readonly ObjectId[]
  readonly bytes: Uint8Array
  /** The messages of a pack, or the one of a message object, without its id. */
  readonly entries: readonly MessageEntry[]
  /** What the cache counts for it. */
  readonly costBytes: number
}

const NO_BYTES = new Uint8Array(0)

/**
 * Decodes the fragment of an object; `undefined` if its bytes are not of its type. The bytes are copied or not kept. Whoever
 * wrote the object may pass the messages in it, and spare the parsing.
 */
export function decodeObject(
  fragment: Fragment,
  id: ObjectId,
  written?: readonly MessageEntry[],
): DecodedObject | undefined {
  const { type, refs, bytes } = fragment
  if (type !== fragmentType.pack && type !== fragmentType.message) {
    return {
      type,
      refs,
      bytes: detach(bytes),
      entries: [],
      costBytes: costOfObject(bytes.length, refs.length),
    }
  }
  const entries = written ?? parseEntries(fragment, id)
  if (entries === undefined) return undefined
  if (type === fragmentType.pack && entries[0]?.pack?.id !== id) rememberPack(entries, id)
  return { type, refs, bytes: NO_BYTES, entries, costBytes: OBJECT_BYTES + costOfEntries(entries) }
}

function parseEntries({ type, bytes }: Fragment, id: ObjectId): readonly MessageEntry[] | undefined {
  const json: unknown = parseJson(bytes)
  if (type === fragmentType.message) {
    const entry = MessageEntry.from(json, id)
    return entry === undefined ? undefined : [entry]
  }
  if (!Array.isArray(json)) return undefined
  const entries = json.map((item) => MessageEntry.from(item))
  return entries.every((entry) => entry !== undefined) ? entries : undefined
}
