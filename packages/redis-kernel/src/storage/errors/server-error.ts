import type { Classification } from '@cairnkit/core/driver'
import { byCode, byPhrase } from './server-error-table.js'

/** Clients that print errors put the class in front of the reply. */
const REPLY = /^(?:ReplyError: )?-?([A-Z][A-Z0-9_]*)(?=[ .]|$)/

/** Before Redis 7, what a command inside a script answered stands behind these words. */
const INSIDE_SCRIPT =
  /^(?:ReplyError: )?ERR Error (?:running|compiling) script[^]*?@user_script: ?\d+: -?(?=[A-Z])/

/** Returns the code (first word) of a server's error reply; `undefined` if the cause is not an error reply. */
export function serverErrorCode(cause: unknown): string | undefined {
  return codeOf(messageOf(cause))
}

/** Says what a server's error reply means; `undefined` if the cause is not an error reply, or the reply is unknown. */
export function classifyServerError(cause: unknown): Classification | undefined {
  const message = messageOf(cause)
  const code = codeOf(message)
  if (code === undefined) return undefined
  const known = byCode.get(code)
  if (known !== undefined || code !== 'ERR') return known
  const text = message.toLowerCase()
  return byPhrase.find(([phrase]) => text.includes(phrase))?.[1]
}

/** Whether the server does not know the command that was sent, and so did nothing. */
export function isUnknownCommand(cause: unknown): boolean {
  return /^(?:ReplyError: )?ERR unknown command\b/i.test(messageOf(cause))
}

function codeOf(message: string): string | undefined {
  const inner = message.replace(INSIDE_SCRIPT, '')
  return REPLY.exec(inner)?.[1] ?? REPLY.exec(message)?.[1]
}

/** Asks for the message only: an error of another realm or another copy of a library is no instance of ours. */
function messageOf(cause: unknown): string {
  if (typeof cause === 'string') return cause
  const message = (cause as { readonly message?: unknown } | null | undefined)?.message
  return typeof message === 'string' ? message : ''
}
