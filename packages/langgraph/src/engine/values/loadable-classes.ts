import type { Load } from '../messages/message-classes.js'

/** An object that LangChain is to make again, in what a serializer wrote. */
export interface WrittenObject {
  /** Of its class, for example `["langchain_core","messages","HumanMessage"]`. */
  readonly id: readonly string[]
  /** For example `[3].additional_kwargs.source`; empty for the value itself. */
  readonly path: string
  /** Whether it stands where LangChain refuses it, whatever its class: it says of itself that it was not written. */
  readonly isRefused: boolean
}

/** What LangChain says of a class that it does not know. Of any other failure it cannot be told what another one would do. */
const UNKNOWN_CLASS = /^(?:Invalid (?:namespace|identif)|Missing key )/

/** More classes than any program has: what a program makes up at random is not remembered for ever. */
const MAX_CLASSES = 1000

/** Whether LangChain knows a class, by its id as JSON. */
const verdicts = new Map<string, boolean>()

/** Whether LangChain can make objects of a class again; `undefined` if it was not asked yet. */
export function isLoadable({ id, isRefused }: WrittenObject): boolean | undefined {
  return isRefused ? false : verdicts.get(JSON.stringify(id))
}

/** Asks LangChain whether it knows a class: with no arguments, for which a constructor may well throw. */
export async function askLoadable({ id }: WrittenObject, load: Load): Promise<boolean> {
  const record = { lc: 1, type: 'constructor', id, kwargs: {} }
  const isKnown = await load(JSON.stringify(record)).then(
    () => true,
    (cause: unknown) => !(cause instanceof Error && UNKNOWN_CLASS.test(cause.message)),
  )
  if (verdicts.size >= MAX_CLASSES) verdicts.clear()
  verdicts.set(JSON.stringify(id), isKnown)
  return isKnown
}

/** The objects that LangChain is to make again, of each class the first. */
export function objectsIn(json: Uint8Array): readonly WrittenObject[] {
  const bytes = Buffer.from(json.buffer, json.byteOffset, json.byteLength)
  if (!bytes.includes('"lc":1')) return []
  const found = new Map<string, WrittenObject>()
  const visit = (value: unknown, path: string, isWithin: boolean): void => {
    if (typeof value !== 'object' || value === null) return
    if (Array.isArray(value)) return value.forEach((item, at) => visit(item, `${path}[${at}]`, isWithin))
    const record = recordOf(value)
    const isObject = record?.type === 'constructor'
    // By itself it is data.
    const isRefused = isWithin && record !== undefined && refused.has(record.type)
    if (record !== undefined && (isObject || isRefused)) {
      const name = JSON.stringify([record.id, isRefused])
      if (!found.has(name)) found.set(name, { id: record.id, path, isRefused })
    }
    for (const [key, field] of Object.entries(value)) {
      if (isObject && key === 'kwargs') visit(field, path, true)
      // LangChain does not look at data that it has wrapped.
      else visit(field, `${path}${stepTo(key)}`, isWithin && key !== WRAPPED)
    }
  }
  visit(JSON.parse(bytes.toString('utf8')), '', false)
  return [...found.values()]
}

const refused: ReadonlySet<unknown> = new Set(['secret', 'not_implemented'])

const WRAPPED = '__lc_escaped__'

/** How a field is written behind the path of its object. */
export function stepTo(key: string): string {
  return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`
}

/** An object as LangChain writes it. */
function recordOf(value: object): { readonly type: unknown; readonly id: readonly string[] } | undefined {
  const { lc, type, id } = value as { readonly lc?: unknown; readonly type?: unknown; readonly id?: unknown }
  return lc === 1 && Array.isArray(id) ? { type, id: id.map(String) } : undefined
}
