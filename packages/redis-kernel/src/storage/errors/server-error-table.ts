/**
 * What the error replies of a server mean for a call: data, in one place. The first word of a reply is its code;
 * replies that begin with `ERR` are told apart by a phrase.
 *
 * None of these replies comes after a write: scripts check what can fail before the first one, and the server refuses
 * a script for these reasons before its first write only. `UNBLOCKED` is the exception, and so ambiguous.
 */

import type { Classification, Disposition, StorageErrorCode } from '@cairnkit/core/driver'

function means(code: StorageErrorCode, disposition: Disposition): Classification {
  return Object.freeze({ code, disposition })
}

/** Waiting helps: the server starts, fails over, moves slots, or is busy. */
const unavailable = means('unavailable', 'transient')
const full = means('full', 'permanent')
const auth = means('auth', 'permanent')
const forbidden = means('forbidden', 'permanent')
const unsupported = means('unsupported', 'permanent')
const tooLarge = means('limit', 'permanent')

export const byCode: ReadonlyMap<string, Classification> = new Map([
  ['LOADING', unavailable],
  ['MASTERDOWN', unavailable],
  ['TRYAGAIN', unavailable],
  ['CLUSTERDOWN', unavailable],
  ['NOREPLICAS', unavailable],
  ['BUSY', unavailable],
  ['NOSCRIPT', unavailable],
  ['MOVED', unavailable],
  ['ASK', unavailable],
  ['REDIRECT', unavailable],
  ['READONLY', means('read-only', 'transient')],
  // A WAIT that a demotion interrupted: the write was applied, and may be lost.
  ['UNBLOCKED', means('unavailable', 'ambiguous')],
  ['OOM', full],
  ['MISCONF', full],
  ['NOAUTH', auth],
  ['WRONGPASS', auth],
  ['NOPERM', forbidden],
  ['DENIED', forbidden],
  ['WRONGTYPE', means('foreign', 'permanent')],
  ['CROSSSLOT', unsupported],
  ['NOPROTO', unsupported],
])

/** The first phrase that the reply holds decides, upper and lower case alike. */
export const byPhrase: readonly (readonly [phrase: string, Classification])[] = Object.freeze([
  ['max number of clients', unavailable],
  ['script killed by user', unavailable],
  ['unauthenticated', auth],
  ['invalid password', auth],
  ['invalid username-password', auth],
  ['operation not permitted', auth],
  ['called without any password configured', auth],
  ['acl failure in script', forbidden],
  ["the user executing the script can't", forbidden],
  ['max request size exceeded', tooLarge],
  ['invalid bulk length', tooLarge],
  ['invalid multibulk length', tooLarge],
  ['protocol error', unsupported],
  ['unknown command', unsupported],
  ['unknown subcommand', unsupported],
  ['unknown redis command called from', unsupported],
  ['not allowed from script', unsupported],
  ['not allowed in cluster mode', unsupported],
  ['cluster support disabled', unsupported],
  ['wrong number of arg', unsupported],
  ['db index is out of range', unsupported],
  ['invalid db index', unsupported],
  ['syntax error', unsupported],
  ['non local key', unsupported],
  ['undeclared key', unsupported],
] as const)
