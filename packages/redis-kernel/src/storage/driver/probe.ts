import type { StorageWarning } from '@cairnkit/core/driver'
import type { Call } from '../call.js'
import { classifyServerError } from '../errors/server-error.js'
import { readArguments, readRequest } from '../read/read-arguments.js'
import { decodeReadPage } from '../read/read-reply.js'
import type { RedisTransport } from '../../redis-transport.js'
import type { ScriptRunner } from '../script/script-runner.js'
import { scripts } from '../scripts.generated.js'
import { evictionWarnings } from './eviction.js'
import { refusedScripts } from './refused-scripts.js'

/** No partition has this id: `@` is percent-encoded in those. */
const PROBE_ID = '@probe'

/**
 * Fails when the server is none, lacks scripts, is too old, takes no writes because it is a replica, or forbids a
 * command. Writes nothing. Without it, a forbidden command would show itself in the middle of a commit. Resolves to what the
 * settings of the server put at risk.
 */
export async function probeServer(
  transport: RedisTransport,
  runner: ScriptRunner,
  keyOf: (id: string) => Uint8Array,
  call: Call,
): Promise<readonly StorageWarning[]> {
  const key = keyOf(PROBE_ID)
  const reading = runner
    .run(scripts.read, key, readArguments([readRequest({ type: 'info' })], 0, []), call)
    .then(decodeReadPage)
  const writing = runner.run(scripts.probe, key, [], call).then(warningsIn, (cause: unknown) => {
    if (!canStillRead(cause)) throw cause
    return []
  })
  const [warnings] = await Promise.all([writing, reading]).catch(async (cause: unknown) => {
    throw (await refusedScripts(cause, transport, key, call)) ?? cause
  })
  return warnings
}

function warningsIn(reply: unknown): readonly StorageWarning[] {
  return reply instanceof Uint8Array ? evictionWarnings(Buffer.from(reply).toString()) : []
}

/** A server that is full, or lacks replicas, refuses writes for now and serves reads: it must not refuse to open. */
function canStillRead(cause: unknown): boolean {
  const meaning = classifyServerError(cause)
  return meaning?.code === 'full' || (cause instanceof Error && cause.message.includes('NOREPLICAS'))
}
