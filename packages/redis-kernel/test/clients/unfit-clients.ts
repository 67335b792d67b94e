const method = (): void => undefined

/** What tells clients apart that are not installed here: shapes of ioredis 4.31, redis 4.7, @valkey/client 1.0, valkey-glide. */
export const unfit: readonly (readonly [shape: object, says: RegExp])[] = [
  [
    {
      defineCommand: method,
      callBuffer: method,
      sendCommand: method,
      options: { maxScriptsCachingTime: 60_000 },
    },
    /a client of ioredis 4: @cairnkit\/ioredis takes ioredis 5 \(from 5\.6\) and 6/,
  ],
  [
    {
      ...{ isCluster: true, defineCommand: method, callBuffer: method },
      options: { maxScriptsCachingTime: 60_000 },
    },
    /ioredis 4/,
  ],
  [
    { sendCommand: method, executeIsolated: method, duplicate: method },
    /redis 4 or of @valkey\/client: @cairnkit\/node-redis takes redis 5 and 6/,
  ],
  [{ sendCommand: method, nodeClient: method, duplicate: method }, /redis 4 or of @valkey\/client/],
  [{ customCommand: method, invokeScript: method }, /valkey-glide: .*ioredis \(from 5\.6\).*redis 5 or 6/],
]
