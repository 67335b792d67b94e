import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { hostileEntries } from '@cairnkit/conformance'
import { Keyspace, type StorageDriver } from '@cairnkit/core'
import { CairnSaver } from '@cairnkit/langgraph'
import { type Lab, labFacts, startLab } from '@cairnkit/redis-lab'
import { type Checkpoint, emptyCheckpoint } from '@langchain/langgraph-checkpoint'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openCell } from '../src/cell-under-test.js'
import { CommandLog } from '../src/command-log.js'
import type { MonitoredCommand } from '../src/monitor.js'
import { redisDriver } from '../src/redis-driver.js'

/** Every way in which a command that carries something of a caller may look. */
const carriers: ReadonlySet<string> = new Set([
  'evalsha',
  'evalsha_ro',
  'eval',
  'eval_ro',
  'zadd',
  'zrange',
  'scan',
])

/** Stands in every value, so that what carries one is found whatever it is called. */
const CANARY = 'canary-in-the-mine'

const keyPrefix = 'guarded'
const metadata = { source: 'loop' as const, step: 0, parents: {} }
const generated = readFileSync(
  new URL('../../redis-kernel/src/storage/scripts.generated.ts', import.meta.url),
  'utf8',
)
const digests: ReadonlySet<string> = new Set(
  [...generated.matchAll(/sha1: '([0-9a-f]{40})'/g)].map(([, digest = '']) => digest),
)

const NO_COMMANDS = 'this storage is sent no commands'
const NOT_EXACT = 'what this server reports of commands does not tell one argument from another'
const NOWHERE = { kind: 'redis', client: 'ioredis', topology: 'standalone', major: 'current' } as const

const cell = await openCell('commands')
afterAll(async () => await cell[Symbol.asyncDispose]())
const { storage } = cell.cell

describe('what an attacker writes', () => {
  const place = storage.kind === 'redis' ? storage : NOWHERE
  const ends: (() => Promise<void>)[] = []
  let lab: Lab
  let log: CommandLog
  let isExact = false
  beforeEach((context) => {
    if (storage.kind !== 'redis') context.skip(NO_COMMANDS)
    else if (!isExact) context.skip(NOT_EXACT)
  })
  beforeAll(async () => {
    if (storage.kind !== 'redis') return
    lab = await startLab(place.topology, { aclKeyPattern: '*' })
    log = await CommandLog.open(lab)
    isExact = await log.isExact()
    ends.push(
      async () => await log[Symbol.asyncDispose](),
      async () => await lab.stop(),
    )
  })
  afterAll(async () => {
    for (const end of ends) await end()
  })

  test('is in keys and arguments, and never in the name of a command, a pattern or a script', async () => {
    await using driver = redisDriver(place, labFacts(lab), keyPrefix)
    await driver.open()
    const threads = new Keyspace(driver, ['thread'])
    const names = new Set<string>()
    const seen = new Set<string>()
    for (const [name, text] of hostileEntries) {
      const key = `${keyPrefix}:{${threads.partition(text).id}}`
      const huge = names.size % 16 === 0
      const commands = await log.during('', async () => await scene(driver, text, { huge }))
      names.add(name)
      const carrying = commands.filter(({ args }) =>
        args.some((arg) => arg.includes(CANARY) || arg.includes(keyPrefix)),
      )
      expect(carrying.length, name).toBeGreaterThanOrEqual(7)
      for (const command of carrying)
        expect(faultOf(command, key), `${name}: ${command.name}`).toBeUndefined()
      for (const command of carrying) seen.add(command.name)
      // What clients and servers say to each other besides is the same whoever is attacked.
      const others = commands.filter((command) => !carrying.includes(command) && command.name !== 'echo')
      // A plain short word may stand in them by itself.
      const isTelling = text.length > 3 && !/^[a-z\d]*$/i.test(text)
      const leaking = others.filter(({ args }) =>
        args.some((arg) => unescaped(arg).includes(Buffer.from(text))),
      )
      expect(isTelling ? leaking : []).toEqual([])
    }
    expect(digests.size).toBe(8)
    // In parts, because it is too large for one script: sent ahead of it, and read one by one.
    expect(seen).toContain('zadd')
    expect(seen).toContain('zrange')
  })

  test('in a prefix is no pattern', async () => {
    const hostile = 'a*?[b-z]\\^'
    await using driver = redisDriver(place, labFacts(lab), hostile)
    await using neighbour = redisDriver(place, labFacts(lab), 'axx-c')
    await scene(neighbour, "a neighbour's", { dropped: false })
    await scene(driver, 'its own', { dropped: false })
    const seen: string[] = []
    const commands = await log.during('MATCH', async () => {
      for await (const [threadId] of new Keyspace(driver, ['thread']).partitions()) seen.push(threadId ?? '')
    })
    expect(seen).toEqual(['its own'])
    expect(new Set(commands.map(({ args }) => unescaped(args[2] ?? '').toString()))).toEqual(
      new Set(['a\\*\\?\\[b-z\\]\\\\^:{thread:*}']),
    )
  })
})

/** A life of one thread, whose every name and value is `text`. */
async function scene(driver: StorageDriver, text: string, { huge = false, dropped = true }): Promise<void> {
  const saver = new CairnSaver(driver)
  const config = { configurable: { thread_id: text, checkpoint_ns: text } }
  const checkpoint: Checkpoint = {
    ...emptyCheckpoint(),
    id: text === '' ? '-' : text,
    channel_values: {
      [text]: text,
      long: `${CANARY}${text}`.repeat(20),
      ...(huge ? { huge: CANARY.repeat(60_000) } : {}),
    },
    channel_versions: { [text]: 1, long: 1, huge: 1 },
  }
  const stored = await saver.put(config, checkpoint, metadata, { [text]: 1, long: 1, huge: 1 })
  await saver.putWrites(stored, [[text, `${CANARY}${text}`]], text, text)
  expect((await new CairnSaver(driver).getTuple(stored))?.pendingWrites?.[0]?.[0]).toBe(text)
  for await (const _ of saver.list(config, { filter: { [text]: text } }))
    expect.unreachable('no metadata is like that')
  for await (const _ of saver.list({ configurable: { thread_id: text } })) break
  await saver.getDeltaChannelHistory({ config, channels: [text] })
  if (dropped) await saver.deleteThread(text)
}

/** What is wrong with a command that carries something of a caller. */
function faultOf({ name, args }: MonitoredCommand, expectedKey: string): string | undefined {
  if (!carriers.has(name)) return `the command ${name}`
  switch (name) {
    case 'evalsha':
    case 'evalsha_ro':
      return digests.has(args[0] ?? '') ? faultOfKey(args, expectedKey) : `the digest ${args[0]}`
    case 'eval':
    case 'eval_ro': {
      const digest = createHash('sha1')
        .update(unescaped(args[0] ?? ''))
        .digest('hex')
      return digests.has(digest) ? faultOfKey(args, expectedKey) : 'a script that is none of ours'
    }
    case 'zadd':
      return (
        faultOfKey(['', '1', ...args], expectedKey) ??
        (args.slice(1).every((word, at) => at % 2 === 1 || word === '0')
          ? undefined
          : 'a score that is not 0')
      )
    case 'zrange':
      return (
        faultOfKey(['', '1', ...args], expectedKey) ??
        (args[3] === 'BYLEX' ? undefined : 'a range of another kind')
      )
    default:
      return `the command ${name} here`
  }
}

function faultOfKey([, count, key = '']: readonly string[], expectedKey: string): string | undefined {
  if (count !== '1') return `${count} keys`
  const text = unescaped(key).toString('latin1')
  if (text !== expectedKey) return `the key ${text.slice(0, 200)}`
  return /^guarded:\{thread:[A-Za-z0-9\-_.!~*'()%]*\}$/.test(text)
    ? undefined
    : `the letters of ${text.slice(0, 200)}`
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b' }

/** The bytes that MONITOR shows. */
function unescaped(word: string): Buffer {
  const text = word.replaceAll(/\\(?:x([0-9a-f]{2})|(.))/g, (_, hex: string | undefined, letter: string) =>
    hex === undefined ? (escapes[letter] ?? letter) : String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return Buffer.from(text, 'latin1')
}
