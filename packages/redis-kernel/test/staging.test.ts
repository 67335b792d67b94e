import type { Batch, Mutation } from '@cairnkit/core/driver'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { scripts } from '../src/storage/scripts.generated.js'
import { readVerbs } from './support/server-commands.js'
import { type Subject, type TestObject, bytes, noise, object, useLab } from './support/subject.js'

const subject = useLab()
afterEach(() => void vi.restoreAllMocks())

const MINUTE = 60_000
const large = (seed = 1): TestObject => object(noise(700_000, seed))
const put = (refs: string[] = [], key = ['a']): Mutation => ({ type: 'put', key, bytes: bytes(1), refs })
const holding = (held: TestObject): Batch => ({ mutations: [held, put([held.id])] })
const info = { type: 'info' } as const

/** The members of a partition, in an order that is quick to compare. */
async function members(one: Subject): Promise<string[]> {
  return (await one.members()).map((member) => member.toString('latin1'))
}

/** The first bytes of the members, as letters. */
async function tags(one: Subject): Promise<string> {
  return (await one.members()).map((member) => member.toString('latin1', 0, 1)).join('')
}

/** Has a commit send its parts and no more, as when the process ends there. */
async function sendPartsOnly(one: Subject, batch: Batch): Promise<void> {
  one.transport.before = ([name, sha]) => {
    if (name === 'EVALSHA' && sha === scripts.commit.sha1) throw new Error('read ECONNRESET')
  }
  await expect(one.commit(batch)).rejects.toThrow('ECONNRESET')
  one.transport.before = () => {}
}

/** Has another client drop the partition between parts and their commit. */
async function loseParts(one: Subject, times: number): Promise<void> {
  await one.commit({ mutations: [put([], ['before'])] })
  let drops = times
  one.transport.before = async ([name, sha]) => {
    if (name !== 'EVALSHA' || sha !== scripts.commit.sha1 || drops-- <= 0) return
    // Behind the parts of this tick.
    await new Promise((resolve) => setImmediate(resolve))
    await one.node.command('UNLINK', one.key)
  }
}

async function readsAll(one: Subject, held: TestObject): Promise<void> {
  const [got] = await one.read({ type: 'get', key: ['a'], follow: 'all' })
  expect(Buffer.compare(got.objects.get(held.id)?.bytes ?? bytes(), held.bytes)).toBe(0)
}

describe('parts of a large object', () => {
  it('go ahead of the commit, in its tick, by plain commands', async () => {
    const one = subject()
    await one.read(info)
    one.transport.takeNames()
    const commit = one.commit(holding(large()))
    expect(one.transport.sent.map(([name]) => name)).toEqual(['EVALSHA', 'ZADD', 'ZADD', 'ZADD', 'EVALSHA'])
    const [, , , , script] = one.transport.sent
    expect(script?.reduce((sum, argument) => sum + argument.length, 0)).toBeLessThan(1000)
    expect(await commit).toMatchObject({ ok: true, created: true })
    expect(await tags(one)).toBe('eopppr')
    expect(await one.node.command('PTTL', one.key)).toBe(-1)
    await readsAll(one, large())
  })

  it('are few where many small objects are large together: a script is never given more than 1 MiB', async () => {
    const one = subject()
    await one.read(info)
    const objects = Array.from({ length: 60 }, (_, seed) => object(noise(60_000, seed + 1)))
    one.transport.takeNames()
    await one.commit({ mutations: [...objects, put(objects.map(({ id }) => id))] })
    const sizes = one.transport.sent.map((command) => command.reduce((sum, { length }) => sum + length, 0))
    expect(Math.max(...sizes)).toBeLessThan(1024 * 1024)
    const [got] = await one.read({ type: 'get', key: ['a'], follow: 'all' })
    for (const { id, bytes: content } of objects)
      expect(Buffer.compare(got.objects.get(id)?.bytes ?? bytes(), content)).toBe(0)
  })

  it('come back with their object in one trip where they fit a script', async () => {
    const one = subject()
    const held = object(noise(300_000))
    await one.commit(holding(held))
    one.transport.takeNames()
    await readsAll(one, held)
    expect(one.transport.takeNames()).toEqual([(await readVerbs(one.node))[0]])
  })

  it('are not sent before it is known whose key it is', async () => {
    const one = subject()
    await one.node.command('ZADD', one.key, '3', 'anna', '7', 'bert')
    const before = await one.node.commandBytes('DUMP', one.key)
    await expect(one.commit(holding(large()))).rejects.toMatchObject({ code: 'foreign' })
    expect(await one.node.commandBytes('DUMP', one.key)).toEqual(before)
  })

  it('keep the expiry of their partition, and are gone with it', async () => {
    const one = subject()
    await one.commit({ mutations: [put(), { type: 'expire', ttlMs: MINUTE }] })
    await one.commit(holding(large()))
    expect(Number(await one.node.command('PTTL', one.key))).toBeGreaterThan(MINUTE / 2)
  })

  it('of one object that two send at once are kept once', async () => {
    const one = subject()
    await Promise.all([one.commit(holding(large())), one.commit(holding(large()))])
    expect(await tags(one)).toBe('eopppr')
  })

  it('do not touch an object of that id that is there, whatever their bytes are', async () => {
    const one = subject()
    await one.commit(holding(large()))
    const before = await members(one)
    await one.commit(holding({ ...large(2), id: large().id }))
    expect(await members(one)).toEqual(before)
    const whole = { ...object(bytes(1)), id: 'ab'.repeat(16) }
    await one.commit({ mutations: [whole] })
    const withWhole = await members(one)
    await one.commit({ mutations: [{ ...large(2), id: whole.id }] })
    expect(await members(one)).toEqual(withWhole)
  })

  it('travel within the script of a batch that drops the partition first', async () => {
    const one = subject()
    await one.commit(holding(large(2)))
    const { mutations = [] } = holding(large())
    const result = await one.commit({ mutations: [{ type: 'drop', tombstoneMs: null }, ...mutations] })
    expect(result).toMatchObject({ ok: true, created: true })
    expect(await tags(one)).toBe('eopppr')
    await readsAll(one, large())
  })
})

describe('a commit of a large object that fails', () => {
  it('over a check leaves nothing behind', async () => {
    const one = subject()
    const failing = { checks: [{ type: 'present', key: ['b'] } as const], ...holding(large()) }
    expect(await one.commit(failing)).toMatchObject({ ok: false, failedChecks: [0], epoch: null })
    expect(await one.node.command('EXISTS', one.key)).toBe(0)
    await one.commit({ mutations: [put()] })
    const before = await members(one)
    expect(await one.commit(failing)).toMatchObject({ ok: false })
    expect(await members(one)).toEqual(before)
  })

  it('over a tombstone leaves the tombstone as it is; without the check it ends it', async () => {
    const one = subject()
    await one.commit({ mutations: [{ type: 'drop', tombstoneMs: MINUTE }] })
    const refused = await one.commit({ checks: [{ type: 'undropped' }], ...holding(large()) })
    expect(refused).toMatchObject({ ok: false, dropped: true })
    expect(await tags(one)).toBe('t')
    expect(Number(await one.node.command('PTTL', one.key))).toBeGreaterThan(MINUTE / 2)
    expect(await one.commit(holding(large()))).toMatchObject({ ok: true, created: true, dropped: false })
    expect(await one.node.command('PTTL', one.key)).toBe(-1)
    expect(await tags(one)).toBe('eopppr')
  })

  it('because the server is full says so, is not applied, and leaves nothing behind', async () => {
    const one = subject()
    await one.commit({ mutations: [put()] })
    const before = await members(one)
    const used = Number(/used_memory:(\d+)/.exec(String(await one.node.command('INFO', 'memory')))?.[1])
    await one.node.command('CONFIG', 'SET', 'maxmemory', String(used + 2_000_000))
    try {
      const failure = one.commit(holding(object(noise(12_000_000)))).catch((cause: unknown) => cause)
      expect(one.driver.classify(await failure)).toEqual({ code: 'full', disposition: 'permanent' })
    } finally {
      await one.node.command('CONFIG', 'SET', 'maxmemory', '0')
    }
    expect(await members(one)).toEqual(before)
  })

  it('because a part was refused says why', async () => {
    const one = subject()
    await one.read(info)
    let parts = 0
    one.transport.before = ([name]) => {
      if (name === 'ZADD' && ++parts === 2)
        throw new Error("READONLY You can't write against a read only replica.")
    }
    await expect(one.commit(holding(large()))).rejects.toMatchObject({
      code: 'read-only',
      disposition: 'transient',
    })
    expect(await one.node.command('EXISTS', one.key)).toBe(0)
  })

  it.each([1, 2])('whose parts are gone %i times sends them again', async (times) => {
    const one = subject()
    await loseParts(one, times)
    expect(await one.commit(holding(large()))).toMatchObject({ ok: true, created: true })
    await readsAll(one, large())
  })

  it('whose parts are gone each time gives up after three, and may be tried again', async () => {
    const one = subject()
    await loseParts(one, 9)
    const commit = one.commit(holding(large()))
    await expect(commit).rejects.toMatchObject({ code: 'unavailable', disposition: 'transient' })
    expect(await one.node.command('EXISTS', one.key)).toBe(0)
  })
})

describe('what is left of a commit that came halfway', () => {
  it('is no partition: nobody sees it, and it expires', async () => {
    const one = subject()
    await sendPartsOnly(one, holding(large()))
    expect(await tags(one)).toBe('pppx')
    const [state, all] = await one.read(info, { type: 'range', prefix: [] })
    expect(state).toMatchObject({ epoch: null, ttlMs: null, records: 0, objects: 0, dropped: false })
    expect(all.records).toEqual([])
    expect(await one.commit({ checks: [{ type: 'epoch', epoch: null }] })).toMatchObject({
      ok: true,
      epoch: null,
    })
    const listed: string[] = []
    for await (const id of one.driver.partitions(one.partition)) listed.push(id)
    expect(listed).toEqual([])
    const ttl = Number(await one.node.command('PTTL', one.key))
    expect(ttl).toBeGreaterThan(MINUTE)
    expect(ttl).toBeLessThanOrEqual(15 * MINUTE)
    expect(await one.driver.drop(one.partition)).toBe(false)
  })

  it('does not expire with the partition that is born on it', async () => {
    const one = subject()
    await sendPartsOnly(one, holding(large()))
    expect(await one.commit({ mutations: [put()] })).toMatchObject({ created: true })
    expect(await one.node.command('PTTL', one.key)).toBe(-1)
    expect(await tags(one)).toBe('epppr' + 'x')
  })

  it('is not removed while its commit may come, and then by the next commit', async () => {
    const one = subject()
    const now = Date.now()
    vi.spyOn(Date, 'now').mockReturnValue(now - 14 * MINUTE)
    await sendPartsOnly(one, holding(large(1)))
    vi.spyOn(Date, 'now').mockReturnValue(now - 16 * MINUTE)
    await sendPartsOnly(one, holding(large(2)))
    vi.spyOn(Date, 'now').mockReturnValue(now)
    await one.commit({ mutations: [put()] })
    expect(await tags(one)).toBe('epppr' + 'x')
    vi.spyOn(Date, 'now').mockReturnValue(now + 2 * MINUTE)
    await one.commit({ mutations: [put()] })
    expect(await tags(one)).toBe('er')
  })

  it('does not keep an emptied partition alive, and its removal is told by no result', async () => {
    const one = subject()
    await one.commit({ mutations: [put()] })
    await sendPartsOnly(one, holding(large()))
    expect(await one.commit({ mutations: [{ type: 'delete', key: ['a'] }] })).toMatchObject({ epoch: null })
    expect(await one.node.command('EXISTS', one.key)).toBe(0)
  })

  it('stays if its object came of it after all: a part that was late brought the note back', async () => {
    const one = subject()
    const now = Date.now()
    vi.spyOn(Date, 'now').mockReturnValue(now - 60 * MINUTE)
    let late: readonly (string | Uint8Array)[] = []
    await one.commit(holding(large()))
    late = one.transport.sent.find(([name]) => name === 'ZADD') ?? []
    const before = await members(one)
    await one.node.commandBytes(...(late as [string]))
    expect(await tags(one)).toBe('eopppr' + 'x')
    vi.spyOn(Date, 'now').mockReturnValue(now)
    await one.commit({ mutations: [] })
    expect(await members(one)).toEqual(before)
  })

  it('is dropped with its partition, and a part that comes later does not bring the partition back', async () => {
    const one = subject()
    await one.commit({ mutations: [put()] })
    one.transport.before = async ([name]) => {
      if (name !== 'ZADD') return
      one.transport.before = () => {}
      await one.node.command('UNLINK', one.key)
    }
    const { epoch } = (await one.read(info))[0]
    const result = await one.commit({ checks: [{ type: 'epoch', epoch }], ...holding(large()) })
    expect(result).toMatchObject({ ok: false, failedChecks: [0], epoch: null })
    expect(await one.node.command('EXISTS', one.key)).toBe(0)
  })
})
