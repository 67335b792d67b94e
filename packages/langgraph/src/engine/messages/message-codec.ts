import type { BaseMessage } from '@langchain/core/messages'
import { fieldNamed } from './field-named.js'
import { hiddenField } from './hidden-field.js'
import { type Kwargs, type MessageClass, classOfMessage, isMessage } from './message-classes.js'
import { MessageEntry } from './message-entry.js'
import { type MessageRecord, messageRecordOf, writeItself } from './message-record.js'
import { cloneJson, copyPlain, equalsCopy, notPlain } from './plain-json.js'

/** The live fields of a LangChain object, and the arguments it was constructed with. */
interface LiveMessage {
  readonly lc_kwargs?: Readonly<Record<string, unknown>>
  readonly [field: string]: unknown
}

/** What was last seen of a message. An entry says nothing of the saver or the thread, so all savers may share it. */
const seen = hiddenField<MessageEntry>()

/**
 * The stored form of a message; `undefined` for one that only LangChain itself can write, and for what is none. What was
 * seen of it before is compared with it field by field, at every depth, because LangGraph and applications change
 * messages in place. `key` is where it stands in what holds it.
 */
export function entryOf(message: object, key: string | number): MessageEntry | undefined {
  const live = message as LiveMessage
  const known = seen.read(message)
  if (known !== undefined && isOf(known.messageClass, message)) {
    const entry = entryIfUnchanged(message, live, known)
    if (entry !== undefined) return entry
  }
  const messageClass = classOfMessage(message)
  if (messageClass === undefined) return entryOfRecord(message, writeItself(message, key))
  return isMessage(message) ? newEntry(message, live, messageClass) : undefined
}

/**
 * The stored form of a message of another copy of LangChain; `undefined` for all else. Its class is none that is known here,
 * so nothing is taken for granted but what it has written of itself, just now: the serializer reads no more than that.
 */
export function entryOfRecord(message: object, record: unknown): MessageEntry | undefined {
  const written: MessageRecord | undefined = messageRecordOf(record)
  if (written === undefined) return undefined
  const live = { lc_kwargs: written.kwargs }
  const known = seen.read(message)
  const isKnown = known?.messageClass === written.messageClass
  return (isKnown && entryIfUnchanged(message, live, known)) || newEntry(message, live, written.messageClass)
}

function isOf(messageClass: MessageClass, message: object): boolean {
  return message.constructor === messageClass.constructor || classOfMessage(message) === messageClass
}

function entryIfUnchanged(message: object, live: LiveMessage, known: MessageEntry): MessageEntry | undefined {
  const id = idIfUnchanged(live, known)
  if (id === CHANGED || !isId(id)) return undefined
  return known.messageId === id ? known : remember(message, known.withId(id))
}

function newEntry(message: object, live: LiveMessage, messageClass: MessageClass): MessageEntry | undefined {
  const id = idOf(live)
  if (!isId(id)) return undefined
  const kwargs = kwargsOf(live, messageClass.keys)
  return kwargs === undefined ? undefined : remember(message, new MessageEntry(messageClass, kwargs, id))
}

/** A new message object on each call. */
export function createMessage(entry: MessageEntry): BaseMessage {
  const fields = cloneJson(entry.kwargs) as Record<string, unknown>
  if (entry.messageId !== undefined) fields['id'] = entry.messageId
  const message = entry.messageClass.create(fields as never)
  remember(message, entry)
  return message
}

function remember(message: object, entry: MessageEntry): MessageEntry {
  seen.write(message, entry)
  return entry
}

/** LangChain writes the arguments of the constructor, each with the value that the field of its name has now. */
function fieldOf(live: LiveMessage, kwargs: Readonly<Record<string, unknown>>, key: string): unknown {
  const value = fieldNamed(live, key)
  return value !== undefined || key in live ? value : fieldNamed(kwargs, key)
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

function isId(id: unknown): id is string | undefined {
  return id === undefined || typeof id === 'string'
}

const CHANGED: unique symbol = Symbol('changed')

/** The id of a message whose other fields are as they were. Runs for every message of every list: it must not allocate. */
function idIfUnchanged(live: LiveMessage, entry: MessageEntry): unknown {
  const given = live.lc_kwargs
  let id: unknown
  let matched = 0
  for (const key in given) {
    const value = fieldOf(live, given, key)
    if (key === 'id') id = value
    else if (value !== undefined) {
      if (!equalsCopy(value, fieldNamed(entry.kwargs, key))) return CHANGED
      matched += 1
    }
  }
  return matched === entry.fieldCount ? id : CHANGED
}
