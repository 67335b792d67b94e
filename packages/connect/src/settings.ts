import type { ConnectOptions } from './connect-options.js'

const NUMBERS = ['poolSize', 'connectTimeoutMs', 'commandTimeoutMs', 'db'] as const
const TEXTS = ['client', 'keyPrefix', 'tlsCaFile', 'sentinelUsername', 'sentinelPassword'] as const
const ONLY_OPTIONS = ['username', 'password', 'tls', 'signal'] as const
const IN_QUERY: readonly string[] = [...TEXTS, ...NUMBERS]

/** The options and the query as one. Throws a `TypeError` for a name that does not exist, and for one in both. */
export function mergeSettings(query: ReadonlyMap<string, string>, options: ConnectOptions): ConnectOptions {
  const settings: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(options)) {
    if (!IN_QUERY.includes(name) && !(ONLY_OPTIONS as readonly string[]).includes(name)) {
      throw new TypeError(`${name}: no such option. There are: ${[...IN_QUERY, ...ONLY_OPTIONS].join(', ')}`)
    }
    if (value !== undefined) settings[name] = value
  }
  for (const [name, value] of query) {
    if (!IN_QUERY.includes(name)) {
      throw new TypeError(
        `url: no parameter is named ${JSON.stringify(name)}. There are: ${IN_QUERY.join(', ')}`,
      )
    }
    if (name in settings) throw new TypeError(`${name} is given twice, in the url and as an option: keep one`)
    settings[name] = (NUMBERS as readonly string[]).includes(name) ? numberOf(name, value) : value
  }
  const { client } = settings
  if (client !== undefined && client !== 'ioredis' && client !== 'node-redis') {
    throw new TypeError(`client: expected ioredis or node-redis, got ${JSON.stringify(client)}`)
  }
  return settings as ConnectOptions
}

function numberOf(name: string, value: string): number {
  if (/^\d{1,15}$/.test(value)) return Number(value)
  throw new TypeError(`url: ${name} is a whole number, got ${JSON.stringify(value)}`)
}
