import type { MessageEntry } from '../messages/message-entry.js'
import { type NewObject, OBJECT_BYTES } from './new-object.js'

/** The object that holds a message without its id. */
export function bodyOf(entry: MessageEntry): NewObject {
  const { id, bytes } = entry.body
  const costBytes = OBJECT_BYTES + entry.costBytes
  return { id, refs: [], bytes, children: [], entries: [entry.withId(undefined)], costBytes }
}
