import { DriverFault } from '@cairnkit/core/driver'
import type { RedisCommand } from '../../redis-transport.js'

/**
 * Throws the error for a command that the server refused. It replaces replies that are unclear or unsafe: the reply to an unknown
 * command repeats its arguments, and so stored content.
 */
export function explainRefusal(cause: unknown, [name]: RedisCommand): never {
  if (!(cause instanceof Error)) throw cause
  // A client of a cluster follows redirections: one that comes this far was answered to a client of a single server.
  if (cause.message.startsWith('MOVED ')) {
    throw new DriverFault(
      { code: 'unsupported', disposition: 'permanent' },
      'the server is a node of a cluster: connect to it as { cluster }, or with redis+cluster://',
    )
  }
  if (!/^(?:ReplyError: )?ERR unknown command\b/i.test(cause.message)) throw cause
  throw new DriverFault(
    { code: 'unsupported', disposition: 'permanent' },
    `ERR unknown command ${name}: the server has no command of this name; it was renamed or switched off (rename-command), or the server is too old`,
  )
}
