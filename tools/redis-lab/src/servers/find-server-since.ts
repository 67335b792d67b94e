import { chooseServer, findServer } from './choose-server.js'

/**
 * The name of a server of at least this version, for `startLab({ program })`: the one that labs are made of if that is
 * new enough, else a `valkey-server` on PATH, else `undefined`. Valkey counts on from Redis 7.2.
 */
export async function findServerSince(major: number, minor: number): Promise<string | undefined> {
  for (const server of [await chooseServer(), await findServer('valkey-server')]) {
    if (server !== undefined && (await server.version()).atLeast(major, minor)) return server.name
  }
  return undefined
}
