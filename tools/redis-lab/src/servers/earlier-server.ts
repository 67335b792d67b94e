import type { Server } from './server.js'
import { versionOf, serverVersion } from './server-version.js'

/**
 * The server of this machine as a Redis 6.2: it answers every command that came later as one that it does not know.
 * So what a program does without them is shown on real servers, in every topology. What a command of 6.2 did otherwise
 * then is not shown, nor are subcommands that came later: the server knows `COMMAND INFO cluster|slots`.
 */
export async function earlierServer(name: string, program: string): Promise<Server> {
  const actual = await serverVersion(program)
  // To take away a command that it does not have either ends a server.
  const unknown = NEWS.filter(([major, minor]) => actual.atLeast(major, minor)).flatMap(
    ([, , commands]) => commands,
  )
  const version = versionOf(`6.2 (${actual.text} without what came later)`, 6, 2)
  return {
    name,
    program,
    config: unknown.map((command) => `rename-command ${command} ""`),
    version: async () => (unknown.length > 0 ? version : actual),
  }
}

/** The commands that came after 6.2, by the version of Redis that brought them. */
const NEWS: readonly (readonly [major: number, minor: number, commands: readonly string[]])[] = [
  [
    7,
    0,
    [
      ...['blmpop', 'bzmpop', 'evalsha_ro', 'eval_ro', 'expiretime', 'fcall', 'fcall_ro', 'function', 'lcs'],
      ...['lmpop', 'pexpiretime', 'sintercard', 'sort_ro', 'spublish', 'ssubscribe', 'sunsubscribe'],
      ...['zintercard', 'zmpop'],
    ],
  ],
  [7, 2, ['waitaof']],
]
