import { DriverFault, redactSecrets } from '@cairnkit/core/driver'
import type { Call } from '../call.js'
import { classifyFailure } from '../errors/failure.js'
import { serverErrorCode } from '../errors/server-error.js'
import type { RedisCommand, RedisTransport } from '../../redis-transport.js'

const advice =
  'Cairn writes by Lua scripts: allow the commands EVALSHA and EVAL, or use a server, or a plan of the service, that has them.'

/** Neither names a key, so that only the commands are judged. No script has this digest. */
const trials: readonly RedisCommand[] = [
  ['EVALSHA', '0'.repeat(40), '0'],
  ['EVAL', 'return 1', '0'],
]

/**
 * Makes the fault for a server that allows no scripts at all, in whatever words it refused the one that failed with `cause`.
 * `undefined` if it allows some: then a right is missing that a person can give. Asks the server only if `cause` may mean it.
 */
export async function refusedScripts(
  cause: unknown,
  transport: RedisTransport,
  key: Uint8Array,
  call: Call,
): Promise<DriverFault | undefined> {
  if (!isRefusal(cause, transport)) return undefined
  const refusals = await Promise.all(
    trials.map((trial) =>
      call.guard(transport.send(key, trial)).then(
        () => undefined,
        (refusal: unknown) => (isRefusal(refusal, transport) ? messageOf(refusal) : undefined),
      ),
    ),
  )
  const [first] = refusals
  if (first === undefined || refusals.includes(undefined)) return undefined
  return new DriverFault(
    { code: 'unsupported', disposition: 'permanent', advice },
    `the server runs no scripts for this user: it refuses EVALSHA and EVAL (${redactSecrets(first)})`,
  )
}

/** What is in no table counts too: services have words of their own. */
function isRefusal(cause: unknown, transport: RedisTransport): boolean {
  const { code } = classifyFailure(cause, transport)
  if (code === 'unknown') return serverErrorCode(cause) === 'ERR'
  return code === 'forbidden' || code === 'unsupported'
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
