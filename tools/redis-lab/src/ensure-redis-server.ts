import { installRedisServer, manualInstall } from './install-redis-server.js'
import { findProgram } from './find-program.js'

/** Names the server program: a name on PATH or a path. */
export const SERVER_VARIABLE = 'CAIRN_REDIS_SERVER'

/**
 * The path of the server program: what `CAIRN_REDIS_SERVER` names, else `redis-server` on PATH, else a `redis-server`
 * installed now, where that needs nobody's leave (Debian and Ubuntu as root, macOS with Homebrew). Otherwise throws an
 * error that says which command to run.
 */
export async function ensureRedisServer(): Promise<string> {
  const named = process.env[SERVER_VARIABLE]
  if (named !== undefined && named !== '') {
    const program = await findProgram(named)
    if (program !== undefined) return program
    throw new Error(
      `${SERVER_VARIABLE} names ${JSON.stringify(named)}, which is neither a program on PATH nor a path of one`,
    )
  }
  // Two labs that start at once must not install twice.
  found ??= findOrInstall()
  try {
    return await found
  } catch (error) {
    found = undefined
    throw error
  }
}

let found: Promise<string> | undefined

async function findOrInstall(): Promise<string> {
  const present = await findProgram('redis-server')
  if (present !== undefined) return present
  await installRedisServer()
  const installed = await findProgram('redis-server')
  if (installed !== undefined) return installed
  throw new Error(
    `No Redis server program: redis-server is not on PATH. Install it with\n\n  ${await manualInstall()}\n\n` +
      `or name another one: ${SERVER_VARIABLE}=valkey-server, or a path.`,
  )
}
