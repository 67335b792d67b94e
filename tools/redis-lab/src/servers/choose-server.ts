import { earlierServer } from './earlier-server.js'
import { findProgram } from './find-program.js'
import { installRedisServer, manualInstall } from './install-redis-server.js'
import { KNOWN_SERVERS, KNOWN_SERVER_NAMES, isKnownServer } from './known-servers.js'
import { serverFolder } from './server-folder.js'
import { serverVersion } from './server-version.js'
import type { Server } from './server.js'

/** Names the server: one of `KNOWN_SERVERS`, a program on PATH, or a path. */
export const SERVER_VARIABLE = 'CAIRN_REDIS_SERVER'

/**
 * The server that labs are made of: what `CAIRN_REDIS_SERVER` names, else `redis-server` on PATH, else a `redis-server`
 * installed now, where that needs nobody's leave (Debian and Ubuntu as root, macOS with Homebrew). Otherwise throws an
 * error that says which command to run.
 */
export async function chooseServer(): Promise<Server> {
  const named = process.env[SERVER_VARIABLE]
  if (named === undefined || named === '') return programServer(await installedProgram())
  return await namedServer(named, `${SERVER_VARIABLE} names`)
}

/** The path of the program that labs are made of; see `chooseServer`. */
export async function ensureRedisServer(): Promise<string> {
  return (await chooseServer()).program
}

/** The server of that name. `whoNames` begins the error if there is none. */
export async function namedServer(name: string, whoNames: string): Promise<Server> {
  const server = await findServer(name)
  if (server !== undefined) return server
  const what = `${whoNames} ${JSON.stringify(name)}, which`
  if (isKnownServer(name)) {
    throw new Error(`${what} has not been fetched. Fetch it with\n\n  npm run lab:servers -- ${name}`)
  }
  throw new Error(
    `${what} is neither a program on PATH nor a path of one, nor a server that the lab knows:\n\n` +
      `  ${KNOWN_SERVER_NAMES.join(', ')}\n\nnpm run lab:servers fetches those that are not on this machine.`,
  )
}

/** The server of that name, if it is on this machine. */
export async function findServer(name: string): Promise<Server | undefined> {
  if (!isKnownServer(name)) {
    const program = await findProgram(name)
    return program === undefined ? undefined : programServer(program)
  }
  switch (KNOWN_SERVERS[name].from) {
    case 'debian': {
      const program = await findProgram(serverFolder(name).server)
      return program === undefined ? undefined : { ...programServer(program), name }
    }
    case 'installed':
      return await earlierServer(name, await installedProgram())
  }
}

function programServer(program: string): Server {
  return { name: program, program, config: [], version: async () => await serverVersion(program) }
}

/** `redis-server`, as it is on PATH, or installed now. */
async function installedProgram(): Promise<string> {
  // Two labs that start at once must not install twice.
  installed ??= findOrInstall()
  try {
    return await installed
  } catch (error) {
    installed = undefined
    throw error
  }
}

let installed: Promise<string> | undefined

async function findOrInstall(): Promise<string> {
  const present = await findProgram('redis-server')
  if (present !== undefined) return present
  await installRedisServer()
  const found = await findProgram('redis-server')
  if (found !== undefined) return found
  throw new Error(
    `No Redis server program: redis-server is not on PATH. Install it with\n\n  ${await manualInstall()}\n\n` +
      `or name another one: ${SERVER_VARIABLE}=valkey-server, or a path.`,
  )
}
