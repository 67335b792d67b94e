import { ensureRedisServer } from './ensure-redis-server.js'
import { findProgram } from './find-program.js'
import { serverVersion } from './server-version.js'

/**
 * A server program of at least this version, for `startLab({ program })`: what `ensureRedisServer()` finds if that is
 * new enough, else a `valkey-server` on PATH, else `undefined`. Valkey counts on from Redis 7.2.
 */
export async function findServerSince(major: number, minor: number): Promise<string | undefined> {
  for (const program of [await ensureRedisServer(), await findProgram('valkey-server')]) {
    if (program !== undefined && (await serverVersion(program)).atLeast(major, minor)) return program
  }
  return undefined
}
