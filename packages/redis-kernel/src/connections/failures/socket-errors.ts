import type { Classification } from '@cairnkit/core/driver'

/** The command was not sent. */
export const notSent: Classification = Object.freeze({ code: 'unavailable', disposition: 'transient' })
/** The connection was lost after the command was sent. */
export const lostInFlight: Classification = Object.freeze({ code: 'unavailable', disposition: 'ambiguous' })
/** The command was sent, and no answer came in time. */
export const noAnswer: Classification = Object.freeze({ code: 'timeout', disposition: 'ambiguous' })
const tlsRefused: Classification = Object.freeze({ code: 'unavailable', disposition: 'permanent' })

const TLS_CODE =
  /^(ERR_TLS_|ERR_SSL_|ERR_OSSL_|CERT_|CRL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|EPROTO$)/
const LOST = new Set([
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ECONNABORTED',
  'ENETDOWN',
  'EHOSTUNREACH',
  'ENETUNREACH',
])

/** Says what an error of the network means; `undefined` for any other error. */
export function classifySocketError(cause: unknown): Classification | undefined {
  const { code, syscall } = fields(cause)
  if (code === undefined) return undefined
  if (TLS_CODE.test(code)) return tlsRefused
  if (isConnectFailure(cause)) return notSent
  return LOST.has(code) || syscall === 'read' || syscall === 'write' ? lostInFlight : undefined
}

/** Whether the error says that there was no connection, so that nothing was sent over it. */
export function isConnectFailure(cause: unknown): boolean {
  // What was tried on several addresses of one name carries the failures of all.
  if (cause instanceof AggregateError) return cause.errors.every(isConnectFailure)
  const { code, syscall } = fields(cause)
  return syscall === 'connect' || syscall === 'getaddrinfo' || code === 'ECONNREFUSED'
}

/** Whether no such name exists, as far as its servers know. One that could not be asked for (EAI_AGAIN) may exist. */
export function isUnknownName(cause: unknown): boolean {
  if (cause instanceof AggregateError) return cause.errors.every(isUnknownName)
  const { code } = fields(cause)
  return code === 'ENOTFOUND'
}

function fields(cause: unknown): { code?: string; syscall?: string } {
  if (!(cause instanceof Error)) return {}
  const { code, syscall } = cause as { code?: unknown; syscall?: unknown }
  return {
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof syscall === 'string' ? { syscall } : {}),
  }
}
