import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import type { KnownServerName } from './known-servers.js'

/** Where fetched servers are kept: below the cache of the user, so that every clone of this repository finds them. */
export function serversFolder(): string {
  const named = process.env['XDG_CACHE_HOME']
  // The specification has a relative path ignored.
  const cache = named !== undefined && isAbsolute(named) ? named : join(homedir(), '.cache')
  return join(cache, 'cairn', 'servers')
}

/** What a fetched server consists of. */
export interface ServerFolder {
  readonly path: string
  /** A program with the options of redis-server: starts the server with the libraries that it was built for. */
  readonly server: string
  /** The same for redis-cli. */
  readonly cli: string
}

/** The folder of a fetched server, whether it is there or not. */
export function serverFolder(name: KnownServerName): ServerFolder {
  const path = join(serversFolder(), name)
  return { path, server: join(path, 'server'), cli: join(path, 'cli') }
}
