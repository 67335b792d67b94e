import { type CommitResult, type DurabilityRequest, type Mutation, processTime } from '@cairnkit/core/driver'
import { describe, expect, it } from 'vitest'
import type { RedisCommand, RedisReply } from '../src/storage/index.js'
import type { Channel } from '../src/connections/sending/channel.js'
import { WaitingSends } from '../src/connections/sending/waiting-sends.js'
import { type Subject, bytes, useLab } from './support/subject.js'

const subject = useLab()
const put: Mutation = { type: 'put', key: ['a'], bytes: bytes(1) }
const asked: DurabilityRequest = { replicas: 1, timeoutMs: 5, fsync: false }

function commit(
  one: Subject,
  durability: DurabilityRequest,
  ...mutations: Mutation[]
): Promise<CommitResult> {
  return one.driver.commit(one.partition, { mutations }, { durability })
}

/** How much of what the server did it passes on to replicas. */
async function writesDuring(one: Subject, work: () => Promise<unknown>): Promise<number> {
  const count = async (): Promise<number> => {
    const report = String(await one.node.command('INFO', 'persistence'))
    return Number(/rdb_changes_since_last_save:(\d+)/.exec(report)?.[1])
  }
  const before = await count()
  await work()
  return (await count()) - before
}

describe('a commit that waits', () => {
  it('sends the wait behind the script, and tries out once whether it may', async () => {
    const one = subject()
    await one.driver.open()
    one.transport.takeNames()
    expect(await commit(one, asked, put)).toMatchObject({ acknowledged: { replicas: 0, fsynced: false } })
    expect(one.transport.takeNames()).toEqual(expect.arrayContaining(['EXISTS', 'WAIT', 'EVALSHA']))
    await commit(one, asked, put)
    expect(one.transport.takeNames()).toEqual(['EVALSHA', 'WAIT'])
  })

  it('gives replicas something to confirm, though it changes nothing', async () => {
    const one = subject()
    const noise = { type: 'delete', key: ['x'] } as const
    await one.commit({ mutations: [put] })
    for (const mutations of [[], [put], [noise]]) {
      expect(await writesDuring(one, () => one.commit({ mutations }))).toBe(0)
      expect(await writesDuring(one, () => commit(one, asked, ...mutations))).toBeGreaterThan(0)
    }
    const members = await one.members()
    await commit(one, asked)
    expect(await one.members()).toEqual(members)
    const empty = subject()
    expect(await writesDuring(empty, () => commit(empty, asked, noise))).toBeGreaterThan(0)
    expect(await one.node.command('EXISTS', empty.key)).toBe(0)
  })

  it('writes no more than that, where it changes something', async () => {
    const one = subject()
    await one.commit({ mutations: [put] })
    const other: Mutation = { type: 'put', key: ['b'], bytes: bytes(2) }
    expect(await writesDuring(one, () => commit(one, asked, other))).toBe(1)
  })

  it.each([
    ['an unknown command', "ERR unknown command 'WAIT'", 'unsupported', 'permanent'],
    ['a missing right', 'NOPERM this user has no permissions', 'forbidden', 'permanent'],
    ['a replica', 'ERR WAIT cannot be used with replica instances.', 'unsupported', 'permanent'],
    ['a server that loads', 'LOADING Redis is loading the dataset in memory', 'unavailable', 'transient'],
    ['a lost connection', 'read ECONNRESET', 'unknown', 'transient'],
  ])('is not applied when the first wait is refused: %s', async (_what, message, code, disposition) => {
    const one = subject()
    one.transport.before = ([name]) => {
      if (name === 'WAIT') throw new Error(message)
    }
    await expect(commit(one, asked, put)).rejects.toMatchObject({ code, disposition })
    expect(await one.node.command('EXISTS', one.key)).toBe(0)
  })

  it.each([
    ['is broken off', 'UNBLOCKED force unblock from blocking operation', 'unavailable'],
    ['meets a replica', 'ERR WAIT cannot be used with replica instances.', 'unknown'],
    ['loses its connection', 'read ECONNRESET', 'unknown'],
  ])('may be applied when its wait %s', async (_what, message, code) => {
    const one = subject()
    await commit(one, asked)
    one.transport.before = ([name]) => {
      if (name === 'WAIT') throw new Error(message)
    }
    await expect(commit(one, asked, put)).rejects.toMatchObject({ code, disposition: 'ambiguous' })
    await expect(commit(one, asked, put)).rejects.toThrow(/^applied, but waiting for replicas failed/)
    expect(await one.node.command('EXISTS', one.key)).toBe(1)
  })

  it('ends in time when the wait is never answered', async () => {
    const one = subject({ commandTimeoutMs: 200 })
    await commit(one, asked)
    one.transport.before = ([name]) => (name === 'WAIT' ? new Promise(() => {}) : undefined)
    await expect(commit(one, asked, put)).rejects.toMatchObject({ code: 'timeout', disposition: 'ambiguous' })
  })

  it('never keeps the server waiting as long as a command may take', async () => {
    const one = subject({ commandTimeoutMs: 60_000 })
    await commit(one, asked)
    // What it is asked is known when it is sent: nobody waits so long here.
    one.transport.before = ([name]) => (name === 'WAIT' ? Promise.reject(new Error('not sent')) : undefined)
    const waiting = one.driver.commit(one.partition, {}, { durability: { ...asked, timeoutMs: 600_000 } })
    await expect(waiting).rejects.toThrow('not sent')
    const wait = one.transport.sent.findLast(([name]) => name === 'WAIT')
    expect(Number(wait?.[2])).toBeLessThan(60_000)
    expect(Number(wait?.[2])).toBeGreaterThan(40_000)
  })
})

describe('waits on one connection', () => {
  /** Answers each command when it is told to. */
  class Scripted implements Channel {
    readonly connection = this
    readonly bursts: string[][] = []
    readonly answers: ((reply: RedisReply) => void)[] = []

    send(commands: readonly RedisCommand[]): Promise<RedisReply>[] {
      this.bursts.push(commands.map((command) => command.join(' ')))
      return commands.map(async ([name]) =>
        name === 'WAIT' ? await new Promise<RedisReply>((resolve) => this.answers.push(resolve)) : 1,
      )
    }
  }

  const tick = (): Promise<void> => new Promise(setImmediate)
  const later = (): number => processTime.now() + 60_000

  it('are shared by what is sent in one tick, and by what comes meanwhile', async () => {
    const channel = new Scripted()
    const sends = new WaitingSends()
    const waits = ['a', 'b'].map((name) => sends.send(channel, [name], ['WAIT', '1', '50'], later()))
    await tick()
    expect(channel.bursts).toEqual([['a', 'b', 'WAIT 1 50']])
    void sends.send(channel, ['c'], ['WAIT', '1', '50'], later())
    await tick()
    void sends.send(channel, ['d'], ['WAIT', '2', '50'], later())
    void sends.send(channel, ['e'], ['WAIT', '1', '50'], later())
    await tick()
    expect(channel.bursts.length).toBe(1)
    channel.answers[0]?.(1)
    for (const { waited } of await Promise.all(waits)) expect(await waited).toEqual({ ok: true, reply: 1 })
    await tick()
    expect(channel.bursts[1]).toEqual(['c', 'e', 'WAIT 1 50'])
    channel.answers[1]?.(1)
    await tick()
    expect(channel.bursts[2]).toEqual(['d', 'WAIT 2 50'])
  })

  it('keep nothing that nobody waits for any more', async () => {
    const channel = new Scripted()
    const sends = new WaitingSends()
    void sends.send(channel, ['a'], ['WAIT', '1', '50'], later())
    const late = sends.send(channel, ['b'], ['WAIT', '2', '50'], processTime.now() + 5)
    const failed = late.catch((cause: unknown) => cause)
    await new Promise((resolve) => setTimeout(resolve, 10))
    channel.answers[0]?.(1)
    expect(await failed).toMatchObject({ code: 'unavailable', disposition: 'transient' })
    expect(channel.bursts.length).toBe(1)
  })
})
