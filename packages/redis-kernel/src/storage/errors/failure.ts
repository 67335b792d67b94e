import { type Classification, DriverFault, redactSecrets, unknownFailure } from '@cairnkit/core/driver'
import type { RedisTransport } from '../../redis-transport.js'
import { classifyServerError, serverErrorCode } from './server-error.js'

/** What any failure means: the kernel's own faults, then the server's replies, then the client's errors. */
export function classifyFailure(cause: unknown, transport: Pick<RedisTransport, 'classify'>): Classification {
  if (DriverFault.isInstance(cause)) {
    const { code, disposition, advice } = cause
    return Object.freeze({ code, disposition, ...(advice === undefined ? {} : { advice }) })
  }
  return classifyServerError(cause) ?? transport.classify(cause) ?? unknownFailure
}

/**
 * A failure to open. Nothing was sent on behalf of a call, so it is never ambiguous. What passes by itself is transient: a
 * server that is not up yet, loads its data, fails over or has no room; and so is a lost connection, or no answer in
 * time. Permanent is what a person has to change, and a failure that nobody knows.
 */
export function openFault(cause: unknown, transport: Pick<RedisTransport, 'classify'>): DriverFault {
  const { code, disposition, ...more } = classifyFailure(cause, transport)
  const mayPass = code !== 'unknown' && disposition !== 'permanent'
  // A command of the probe was refused in a way that is in no table: the server is not one that we can use.
  const refused = code === 'unknown' && serverErrorCode(cause) === 'ERR'
  return new DriverFault(
    { ...more, code: refused ? 'unsupported' : code, disposition: mayPass ? 'transient' : 'permanent' },
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
