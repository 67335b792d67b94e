import { type MessageClass, classNamed, written } from './message-classes.js'
import { equalsCopy, isPlainObject } from './plain-json.js'

/** What a message has written of itself. */
export interface MessageRecord {
  /** The class that LangGraph's serializer makes of it, whatever class has written it. */
  readonly messageClass: MessageClass
  readonly kwargs: Readonly<Record<string, unknown>>
}

/** What a LangChain object that can be written has, of every copy and version. */
interface Serializable {
  readonly lc_serializable: true
  toJSON(key: string): unknown
}

/**
 * What a LangChain object of any copy writes of itself; `undefined` for all else. The serializer asks for the same again
 * where a failure is to be told.
 */
export function writeItself(value: object, key: string | number): unknown {
  const { lc_serializable: isSerializable, toJSON } = value as Partial<Serializable>
  if (isSerializable !== true || typeof toJSON !== 'function') return undefined
  try {
    return toJSON.call(value, String(key))
  } catch {
    return undefined
  }
}

/**
 * Reads a record of LangChain's; `undefined` for all that is not, to the last key, what every copy writes of a message. From
 * such a record the serializer makes a message of its own class of that name, with these arguments.
 */
export function messageRecordOf(record: unknown): MessageRecord | undefined {
  if (!isFields(record) || Object.keys(record).length !== RECORD_KEYS) return undefined
  const { kwargs, ...head } = record
  if (!isFields(kwargs) || !Array.isArray(head['id'])) return undefined
  const name: unknown = head['id'].at(-1)
  const messageClass = typeof name === 'string' ? classNamed(name) : undefined
  if (messageClass === undefined || !equalsCopy(head, written(messageClass.name))) return undefined
  return { messageClass, kwargs }
}

/** Those of {@link written}, and `kwargs`. */
const RECORD_KEYS = 4

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && isPlainObject(value)
}
