import { types } from 'node:util'

type Library = 'ioredis' | 'node-redis'

/** Clients that are known and cannot be used, by what to do instead. */
const UNFIT = {
  'ioredis 4': 'a client of ioredis 4: @cairnkit/ioredis takes ioredis 5 (from 5.6) and 6',
  'redis 4':
    'a client of redis 4 or of @valkey/client: @cairnkit/node-redis takes redis 5 and 6, which speak to Valkey as well',
  'valkey-glide':
    'a client of valkey-glide: pass one of ioredis (from 5.6) to @cairnkit/ioredis, or one of redis 5 or 6 to @cairnkit/node-redis; both speak to Valkey as well',
} as const

/** Which library made a client, by its shape: another copy or another major may be loaded, so no class can be asked. */
function libraryOf(client: unknown): Library | keyof typeof UNFIT | undefined {
  if (typeof client !== 'object' || client === null || types.isPromise(client)) return undefined
  const has = (name: string, type: string): boolean =>
    typeof (client as Record<string, unknown>)[name] === type
  if (has('defineCommand', 'function') && has('callBuffer', 'function') && !has('isPipeline', 'boolean')) {
    const { options } = client as { readonly options?: object | null }
    // An option that version 5 has no more.
    if (typeof options === 'object' && options !== null && 'maxScriptsCachingTime' in options)
      return 'ioredis 4'
    return has('isCluster', 'boolean') ? 'ioredis' : undefined
  }
  if (has('sendCommand', 'function') && has('withTypeMapping', 'function')) return 'node-redis'
  if (has('sendCommand', 'function') && (has('executeIsolated', 'function') || has('nodeClient', 'function')))
    return 'redis 4'
  return has('customCommand', 'function') ? 'valkey-glide' : undefined
}

/** Throws a `TypeError` if `client` is not of `library`. */
export function assertLibrary(client: unknown, library: Library): void {
  const found = libraryOf(client)
  if (found === library) return
  if (found === undefined) {
    throw new TypeError(`client: expected a client of ${library}, got ${describe(client)}`)
  }
  throw new TypeError(
    found in UNFIT
      ? `client: this is ${UNFIT[found as keyof typeof UNFIT]}`
      : `client: this is a client of ${found}: pass it to @cairnkit/${found}`,
  )
}

function describe(value: unknown): string {
  if (types.isPromise(value)) return 'a promise: await it first'
  return value === null ? 'null' : typeof value === 'object' ? 'an object that is none' : typeof value
}
