import { DriverFault, redactSecrets, unknownFailure } from '@cairnkit/core/driver'
import { describe, expect, it } from 'vitest'
import { byCode, byPhrase } from '../src/storage/errors/server-error-table.js'
import { classifyFailure } from '../src/storage/errors/failure.js'
import { isUnknownCommand, serverErrorCode } from '../src/storage/errors/server-error.js'
import { classifyServerError } from '../src/storage/index.js'

const SHA = '25708548195756ec58c38359abea9aefe3b062f0'

/** What servers were seen to answer, or what their sources say. */
const replies: readonly (readonly [reply: string, code: string, disposition: string])[] = [
  ['LOADING Redis is loading the dataset in memory', 'unavailable', 'transient'],
  [
    "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
    'unavailable',
    'transient',
  ],
  ['TRYAGAIN Multiple keys request during rehashing of slot', 'unavailable', 'transient'],
  ['CLUSTERDOWN The cluster is down', 'unavailable', 'transient'],
  ['CLUSTERDOWN Hash slot not served', 'unavailable', 'transient'],
  ['NOREPLICAS Not enough good replicas to write.', 'unavailable', 'transient'],
  [
    'BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.',
    'unavailable',
    'transient',
  ],
  ['NOSCRIPT No matching script. Please use EVAL.', 'unavailable', 'transient'],
  ['MOVED 3999 127.0.0.1:6381', 'unavailable', 'transient'],
  ['ASK 3999 127.0.0.1:6381', 'unavailable', 'transient'],
  ['REDIRECT 127.0.0.1:6381', 'unavailable', 'transient'],
  ["READONLY You can't write against a read only replica.", 'read-only', 'transient'],
  [
    'UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)',
    'unavailable',
    'ambiguous',
  ],
  ["OOM command not allowed when used memory > 'maxmemory'.", 'full', 'permanent'],
  [
    'MISCONF Redis is configured to save RDB snapshots, but it is currently unable to persist on disk.',
    'full',
    'permanent',
  ],
  ['NOAUTH Authentication required.', 'auth', 'permanent'],
  ['WRONGPASS invalid username-password pair or user is disabled.', 'auth', 'permanent'],
  ["NOPERM this user has no permissions to run the 'evalsha' command", 'forbidden', 'permanent'],
  ['DENIED Redis is running in protected mode because protected mode is enabled', 'forbidden', 'permanent'],
  ['WRONGTYPE Operation against a key holding the wrong kind of value', 'foreign', 'permanent'],
  ["CROSSSLOT Keys in request don't hash to the same slot", 'unsupported', 'permanent'],
  ['NOPROTO unsupported protocol version', 'unsupported', 'permanent'],
  ['ERR max number of clients reached', 'unavailable', 'transient'],
  ['ERR Script killed by user with SCRIPT KILL.', 'unavailable', 'transient'],
  ['ERR Protocol error: unauthenticated multibulk length', 'auth', 'permanent'],
  ['ERR invalid password', 'auth', 'permanent'],
  ['ERR invalid username-password pair', 'auth', 'permanent'],
  ['ERR operation not permitted', 'auth', 'permanent'],
  ['ERR AUTH <password> called without any password configured for the default user.', 'auth', 'permanent'],
  [
    "ERR ACL failure in script: User limited has no permissions to run the 'zadd' command",
    'forbidden',
    'permanent',
  ],
  [
    `ERR The user executing the script can't run this command or subcommand script: ${SHA}, on @user_script:1.`,
    'forbidden',
    'permanent',
  ],
  ['ERR max request size exceeded. Limit: 10485760 bytes', 'limit', 'permanent'],
  ['ERR Protocol error: invalid bulk length', 'limit', 'permanent'],
  ['ERR Protocol error: invalid multibulk length', 'limit', 'permanent'],
  ["ERR Protocol error: expected '$', got 'x'", 'unsupported', 'permanent'],
  ["ERR unknown command 'EVALSHA', with args beginning with: ", 'unsupported', 'permanent'],
  ["ERR unknown subcommand 'X'. Try SCRIPT HELP.", 'unsupported', 'permanent'],
  [
    `ERR Unknown Redis command called from script script: ${SHA}, on @user_script:1.`,
    'unsupported',
    'permanent',
  ],
  ['ERR This Redis command is not allowed from script', 'unsupported', 'permanent'],
  ['ERR SELECT is not allowed in cluster mode', 'unsupported', 'permanent'],
  ['ERR This instance has cluster support disabled', 'unsupported', 'permanent'],
  ["ERR wrong number of arguments for 'evalsha' command", 'unsupported', 'permanent'],
  ['ERR DB index is out of range', 'unsupported', 'permanent'],
  ['ERR invalid DB index', 'unsupported', 'permanent'],
  ['ERR syntax error', 'unsupported', 'permanent'],
  ['ERR Script attempted to access a non local key in a cluster node', 'unsupported', 'permanent'],
  ['ERR Script attempted to access an undeclared key', 'unsupported', 'permanent'],
]

describe('the table', () => {
  it.each(replies)('%s', (reply, code, disposition) => {
    expect(classifyServerError(new Error(reply))).toEqual({ code, disposition })
    // As an ioredis error prints, as Redis 7 gives it out of a script, and as versions before 7 do.
    expect(classifyServerError(new Error(`ReplyError: ${reply}`))).toEqual({ code, disposition })
    const inScript = `${reply} script: ${SHA}, on @user_script:12.`
    expect(classifyServerError(new Error(inScript))).toEqual({ code, disposition })
    for (const at of ['@user_script:7: ', '@user_script: 7: -', '@user_script:7: @user_script: 7: ']) {
      const before7 = `ERR Error running script (call to f_${SHA}): ${at}${reply}`
      expect(classifyServerError(new Error(before7))).toEqual({ code, disposition })
    }
  })

  it('has no line without an example', () => {
    for (const code of byCode.keys())
      expect(replies.some(([reply]) => reply.startsWith(`${code} `))).toBe(true)
    for (const [phrase, classification] of byPhrase) {
      const examples = replies.filter(
        ([reply]) => reply.startsWith('ERR') && reply.toLowerCase().includes(phrase),
      )
      expect(examples.map(([, code, disposition]) => ({ code, disposition }))).toContainEqual(classification)
    }
  })

  it('is frozen', () => {
    for (const classification of [...byCode.values(), ...byPhrase.map(([, meaning]) => meaning)])
      expect(Object.isFrozen(classification)).toBe(true)
  })
})

describe('what is no known reply is left to others', () => {
  it.each([
    ['ERR something that nobody foresaw'],
    ['Connection is closed.'],
    ['connect ECONNREFUSED 127.0.0.1:6379'],
    ['OOMPH is no code'],
    ['Socket timeout. Expecting data, but got nothing'],
    [''],
  ])('%j', (message) => {
    expect(classifyServerError(new Error(message))).toBeUndefined()
    expect(classifyFailure(new Error(message), { classify: () => undefined })).toBe(unknownFailure)
    const known = { code: 'unavailable', disposition: 'transient' } as const
    expect(classifyFailure(new Error(message), { classify: () => known })).toBe(known)
  })

  it.each([[undefined], [null], [7], [{}], [{ message: 7 }], [Symbol('x')]])('%s', (cause) => {
    expect(classifyFailure(cause, { classify: () => undefined })).toBe(unknownFailure)
  })
})

it("a fault of the kernel's own keeps what it says", () => {
  const fault = new DriverFault({ code: 'limit', disposition: 'permanent' }, 'READONLY is not meant')
  const meaning = classifyFailure(fault, { classify: () => undefined })
  expect(meaning).toEqual({ code: 'limit', disposition: 'permanent' })
})

it('codes', () => {
  expect(serverErrorCode(new Error('NOSCRIPT No matching script. Please use EVAL.'))).toBe('NOSCRIPT')
  expect(serverErrorCode(new Error('no code'))).toBeUndefined()
  expect(isUnknownCommand(new Error('ERR unknown command `EVALSHA_RO`, with args beginning with: '))).toBe(
    true,
  )
  expect(isUnknownCommand(new Error(`ERR Unknown Redis command called from script script: ${SHA}`))).toBe(
    false,
  )
})

it.each([
  ['redis://u:p@h:1/2', 'redis://***@h:1/2'],
  ['cannot reach rediss://:p@ss/w@rd@h: refused', 'cannot reach rediss://***@h: refused'],
  ['redis://h:1', 'redis://h:1'],
  ['mail a@b.c', 'mail a@b.c'],
])('redacts %s', (text, redacted) => {
  expect(redactSecrets(text)).toBe(redacted)
})
