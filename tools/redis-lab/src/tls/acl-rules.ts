import type { ServerVersion } from '../servers/server-version.js'

/** The rights of the user that Cairn runs as: its commands, on its keys. The same as the README's; a test compares. */
export function cairnUserRules(version: ServerVersion, keyPattern: string): string[] {
  // A server that meets a command it does not know in an ACL file refuses to start.
  const commands = [
    ...COMMANDS,
    ...(version.atLeast(7, 0) ? SINCE_7_0 : []),
    ...(version.atLeast(7, 2) ? SINCE_7_2 : []),
  ]
  return [`~${keyPattern}`, 'resetchannels', '-@all', ...commands.map((command) => `+${command}`)]
}

const COMMANDS: readonly string[] = [
  // What the kernel sends, and what its scripts call: a script has the rights of its caller.
  'evalsha',
  'eval',
  'zadd',
  'zrange',
  'zrem',
  'zremrangebylex',
  'zlexcount',
  'zcard',
  'pexpire',
  'persist',
  'pttl',
  'time',
  'unlink',
  'scan',
  // For `durability` alone.
  'exists',
  'wait',
  // What the clients send by themselves: pings, the check of the server's role, a database's number, the name of a
  // connection; on a Cluster the way to a slot. HELLO, AUTH and QUIT need no right.
  'ping',
  'info',
  'select',
  'client|setname',
  'cluster|slots',
  'asking',
]

const SINCE_7_0: readonly string[] = ['evalsha_ro', 'eval_ro']

const SINCE_7_2: readonly string[] = ['waitaof']
