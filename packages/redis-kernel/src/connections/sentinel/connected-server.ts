import { DriverFault, withDeadline } from '@cairnkit/core/driver'
import type { SingleServerClient } from '../clients/single-server.js'
import type { StandaloneSettings } from '../options/connection-plan.js'

/** Makes a client of one server; it is used for Sentinels and for primaries alike. */
export type MakeStandalone = (settings: StandaloneSettings) => SingleServerClient<unknown>

/** A connection to a server that is, or is about to be, the primary. */
export interface ConnectedServer {
  readonly kind: SingleServerClient<unknown>
  readonly client: unknown
  /** Its address as Sentinels write it. */
  readonly name: string
}

const NO_KEY = new Uint8Array()

/** `unknown`: the user may not ask. */
export async function roleOf({ kind, client }: ConnectedServer): Promise<'primary' | 'replica' | 'unknown'> {
  const reply = await kind.send(client, NO_KEY, ['INFO', 'replication']).catch((cause: unknown) => {
    if (cause instanceof Error && cause.message.startsWith('NOPERM')) return null
    throw cause
  })
  if (!(reply instanceof Uint8Array)) return 'unknown'
  return /^role:slave/m.test(Buffer.from(reply).toString()) ? 'replica' : 'primary'
}

interface AnswerOptions {
  readonly signal?: AbortSignal
  /** How many bytes have come from it: while more come, it goes on. @default nobody knows */
  readonly receivedBytes?: () => number
}

/** Settles as `work` does, which only asks, or fails when `server` has not answered in time. */
export async function answerWithin<T>(
  work: Promise<T>,
  server: string,
  limitMs: number,
  { signal, receivedBytes }: AnswerOptions = {},
): Promise<T> {
  let seen = receivedBytes?.()
  for (;;) {
    try {
      return await withDeadline(work, limitMs, signal, `no answer from ${server}`)
    } catch (cause) {
      if (!DriverFault.isInstance(cause) || cause.disposition !== 'ambiguous') throw cause
      const received = receivedBytes?.()
      // Nothing of the caller's was sent, so nothing can have been applied.
      if (cause.code === 'aborted' || received === seen)
        throw new DriverFault({ code: cause.code, disposition: 'transient' }, cause.message)
      seen = received
    }
  }
}
