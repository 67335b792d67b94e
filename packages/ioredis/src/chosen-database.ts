import type { RedisReply } from '@cairnkit/redis-kernel/connections'
import { type Caller, call } from './calls.js'

/** What a client of one server shows of the connection that it has now. */
export interface DatabaseChooser extends Caller {
  readonly stream?: object
  readonly condition?: { readonly select?: number } | null
  readonly options: { readonly db?: number | null }
}

/**
 * Knows on which connections a client that was given has its database. ioredis chooses it on each new connection, tells of
 * a failure by an event, and goes on in database 0: what is sent then would stand among the data of others.
 */
export class ChosenDatabases {
  readonly #chosen = new WeakSet<object>()
  readonly #choosing = new WeakMap<object, Promise<void>>()

  /** Whether a command that is sent now reaches the database. Where it does not, the database is chosen again meanwhile. */
  isChosen(client: DatabaseChooser): boolean {
    const { stream } = client
    if (databaseOf(client) === 0) return true
    if (stream === undefined) return false
    if (this.#chosen.has(stream)) return true
    // The next command asks again: what hinders it passes, or was told when the client was opened.
    this.choose(client).catch(() => undefined)
    return false
  }

  /** Resolves when the connection has the database. Rejects when the server does not give it. */
  choose(client: DatabaseChooser): Promise<void> {
    const { stream } = client
    const db = databaseOf(client)
    if (db === 0) return Promise.resolve()
    if (stream === undefined) return Promise.reject(new Error('Connection is closed.'))
    const known = this.#choosing.get(stream)
    if (known !== undefined) return known
    const choosing = this.#choose(call(client, ['SELECT', String(db)]), db, stream)
    this.#choosing.set(stream, choosing)
    return choosing
  }

  async #choose(selected: Promise<RedisReply>, db: number, stream: object): Promise<void> {
    try {
      await selected
      this.#chosen.add(stream)
    } catch (cause) {
      // In other words than those of the server, which may be taken for an answer to a greeting.
      throw new Error(
        `database ${db} cannot be chosen: ${cause instanceof Error ? cause.message : 'no reason'}`,
      )
    } finally {
      this.#choosing.delete(stream)
    }
  }
}

/** The one that the client has chosen last, or was made with. */
function databaseOf({ condition, options }: DatabaseChooser): number {
  return condition?.select ?? options.db ?? 0
}
