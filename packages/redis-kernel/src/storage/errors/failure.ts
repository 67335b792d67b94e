import { type Classification, type Disposition, DriverFault, unknownFailure } from '@cairnkit/core/driver'
import type { RedisTransport } from '../../redis-transport.js'
import { redactSecrets } from '../../shared/redact.js'
import { classifyServerError, serverErrorCode } from './server-error.js'

/** What any failure means: the kernel's own faults, then the server's replies, then the client's errors. */
export function classifyFailure(cause: unknown, transport: Pick<RedisTransport, 'classify'>): Classification {
  if (DriverFault.isInstance(cause))
    return Object.freeze({ code: cause.code, disposition: cause.disposition })
  return classifyServerError(cause) ?? transport.classify(cause) ?? unknownFailure
}

/**
 * A failure to open. Nothing was sent on behalf of a call, so it is never ambiguous. What a server says of itself may
 * pass soon (it loads, it fails over) and is transient; a server that cannot be reached is permanent, so that a wrong
 * address is reported at once and not after a minute of retries.
 */
export function openFault(cause: unknown, transport: Pick<RedisTransport, 'classify'>): DriverFault {
  const { code, disposition } = classifyFailure(cause, transport)
  const fromServer = classifyServerError(cause) !== undefined
  const kept: Disposition = fromServer && disposition === 'transient' ? 'transient' : 'permanent'
  // A command of the probe was refused in a way that is in no table: the server is not one that we can use.
  const refused = code === 'unknown' && serverErrorCode(cause) === 'ERR'
  return new DriverFault(
    { code: refused ? 'unsupported' : code, disposition: kept },
    redactSecrets(
      cause instanceof Error && cause.message !== '' ? cause.message : 'the client gave no reason',
    ),
    { cause: withoutSecrets(cause) },
  )
}

/** Clients hang the arguments of the failed command on their errors: only the words are kept. */
function withoutSecrets(cause: unknown): Error {
  const plain = new Error(cause instanceof Error ? redactSecrets(cause.message) : 'an error that is no Error')
  if (cause instanceof Error) plain.name = cause.name
  return plain
}
