import { types } from 'node:util'

/** Which library made a client, by its shape: another copy or another major may be loaded, so no class can be asked. */
function libraryOf(client: unknown): 'ioredis' | 'node-redis' | undefined {
  if (typeof client !== 'object' || client === null || types.isPromise(client)) return undefined
  const has = (name: string, type: string): boolean =>
    typeof (client as Record<string, unknown>)[name] === type
  if (has('isCluster', 'boolean') && has('defineCommand', 'function') && !has('isPipeline', 'boolean'))
    return 'ioredis'
  if (has('withTypeMapping', 'function') && has('sendCommand', 'function')) return 'node-redis'
  return undefined
}

/** Throws the `TypeError` for a `client` that is not of `library`. */
export function assertLibrary(client: unknown, library: 'ioredis' | 'node-redis'): void {
  const found = libraryOf(client)
  if (found === library) return
  throw new TypeError(
    found === undefined
      ? `client: expected a client of ${library}, got ${describe(client)}`
      : `client: this is a client of ${found}: pass it to @cairnkit/${found}`,
  )
}

function describe(value: unknown): string {
  if (types.isPromise(value)) return 'a promise: await it first'
  return value === null ? 'null' : typeof value === 'object' ? 'an object that is none' : typeof value
}
