/**
 * Whatever a program gives back as plain data: classes become what they hold, under their name, and the configs of
 * LangGraph become the address that they name. What two savers may differ in is left out: whether a config came back with
 * what else was in it.
 */
export function plain(value: unknown): unknown {
  if (value === undefined) return '(undefined)'
  if (typeof value === 'number' && !Number.isFinite(value)) return `(${value})`
  if (typeof value === 'bigint' || typeof value === 'function' || typeof value === 'symbol') {
    return `(${typeof value} ${String(value)})`
  }
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(plain)
  if (value instanceof Date) return { '(Date)': Number.isNaN(value.getTime()) ? 'invalid' : value.getTime() }
  if (value instanceof Map) return { '(Map)': [...value].map(plain) }
  if (value instanceof Set) return { '(Set)': [...value].map(plain) }
  if (value instanceof Uint8Array) return { '(bytes)': [...value].join(' ') }
  if (value instanceof Error) return { '(error)': errorText(value) }
  if (isMessage(value)) return plainMessage(value)
  if ('configurable' in value && isObject(value.configurable)) return addressOf(value.configurable)
  const name = classOf(value)
  const held = Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]))
  return name === undefined ? held : { [`(${name})`]: held }
}

/** The kind of an error and what it says, of each error that it gathers too. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const inside = error instanceof AggregateError ? error.errors.map(errorText).toSorted() : []
  return [`${error.name}: ${error.message}`, ...inside].join(' | ')
}

interface Message {
  getType(): string
  readonly lc_kwargs: object
}

/** Two copies of a class may meet, so nothing here asks for the class itself. */
function isMessage(value: object): value is Message {
  return 'lc_kwargs' in value && 'getType' in value && typeof value.getType === 'function'
}

const messageFields = [
  'id',
  'name',
  'content',
  'additional_kwargs',
  'response_metadata',
  'tool_calls',
  'invalid_tool_calls',
  'usage_metadata',
  'tool_call_id',
  'status',
  'artifact',
] as const

function plainMessage(message: Message): unknown {
  const fields = messageFields.flatMap((name) => {
    const field: unknown = Reflect.get(message, name)
    return field === undefined ? [] : [[name, plain(field)]]
  })
  return { [`(${message.constructor.name})`]: Object.fromEntries(fields) as unknown }
}

/** What a config names, and nothing of what a run puts into it. */
function addressOf(configurable: object): unknown {
  const held = (name: string): unknown => Reflect.get(configurable, name)
  return {
    '(config)': {
      thread_id: held('thread_id'),
      checkpoint_ns: held('checkpoint_ns') ?? '',
      ...(held('checkpoint_id') === undefined ? {} : { checkpoint_id: held('checkpoint_id') }),
      ...(isObject(held('checkpoint_map')) ? { checkpoint_map: plain(held('checkpoint_map')) } : {}),
    },
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function classOf(value: object): string | undefined {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === null || prototype === Object.prototype) return undefined
  return value.constructor.name
}
