import type { BaseMessage } from '@langchain/core/messages'
import { type Kwargs, classNamed, classOfMessage } from './message-classes.js'
import { MessageEntry } from './message-entry.js'
import { cloneJson, copyPlain, equalsCopy, notPlain } from './plain-json.js'
import { stampOf } from './stamp.js'

/** The live fields of a LangChain object, and the arguments it was constructed with. */
interface LiveMessage {
  readonly lc_kwargs?: Readonly<Record<string, unknown>>
  readonly [field: string]: unknown
}

/** What was last seen of a message. An entry says nothing of the saver or the thread, so all savers may share it. */
const seen = stampOf<MessageEntry>()

/**
 * The stored form of a message; `undefined` for one that only LangChain itself can write. What was seen of it before is
 * compared with it field by field, at every depth, because LangGraph and applications change messages in place.
 */
export function entryOf(message: object): MessageEntry | undefined {
  const messageClass = classOfMessage(message)
  if (messageClass === undefined) return undefined
  const live = message as LiveMessage
  const id = idOf(live)
  if (id !== undefined && typeof id !== 'string') return undefined
  const known = seen.read(message)
  if (known !== undefined && known.className === messageClass.name && isUnchanged(live, known)) {
    return known.messageId === id ? known : remember(message, known.withId(id))
  }
  const kwargs = kwargsOf(live, messageClass.keys)
  return kwargs === undefined ? undefined : remember(message, new MessageEntry(messageClass.name, kwargs, id))
}

/** A new message object on each call. */
export function createMessage(entry: MessageEntry): BaseMessage {
  const fields = cloneJson(entry.kwargs) as Record<string, unknown>
  if (entry.messageId !== undefined) fields['id'] = entry.messageId
  const messageClass = classNamed(entry.className)
  if (messageClass === undefined)
    throw new TypeError(`${JSON.stringify(entry.className)} is no class of messages`)
  const message = messageClass.create(fields)
  remember(message, entry)
  return message
}

function remember(message: object, entry: MessageEntry): MessageEntry {
  seen.write(message, entry)
  return entry
}

/** LangChain writes the arguments of the constructor, each with the value that the field of its name has now. */
function fieldOf(live: LiveMessage, kwargs: Readonly<Record<string, unknown>>, key: string): unknown {
  const value = live[key]
  return value !== undefined || key in live ? value : kwargs[key]
}

function idOf(live: LiveMessage): unknown {
  const kwargs = live.lc_kwargs
  return kwargs !== undefined && Object.hasOwn(kwargs, 'id') ? fieldOf(live, kwargs, 'id') : undefined
}

/** A copy of all fields but the id; `undefined` if one of them is not plain, or has a name that LangChain changes. */
function kwargsOf(live: LiveMessage, allowed: ReadonlySet<string>): Kwargs | undefined {
  const given = live.lc_kwargs ?? {}
  const kwargs: Record<string, unknown> = {}
  for (const key of Object.keys(given)) {
    const value = fieldOf(live, given, key)
    if (value === undefined || key === 'id') continue
    const copy = copyPlain(value)
    if (copy === notPlain || !allowed.has(key)) return undefined
    kwargs[key] = copy
  }
  return kwargs
}

/** Runs for every message of every list that is stored: it must not allocate for what is as it was. */
function isUnchanged(live: LiveMessage, entry: MessageEntry): boolean {
  const given = live.lc_kwargs
  let matched = 0
  for (const key in given) {
    if (key === 'id') continue
    const value = fieldOf(live, given, key)
    if (value === undefined) continue
    if (!equalsCopy(value, entry.kwargs[key])) return false
    matched += 1
  }
  return matched === entry.fieldCount
}
