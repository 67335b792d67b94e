import type { ServerVersion } from './server-version.js'

/** A server that labs can be made of. */
export interface Server {
  /** What `CAIRN_REDIS_SERVER` and `startLab({ program })` call it. */
  readonly name: string
  /** The path of its program. */
  readonly program: string
  /** Lines without which a server with data would not be this one. */
  readonly config: readonly string[]
  /** Whose abilities it has; asks the program. */
  version(): Promise<ServerVersion>
}
