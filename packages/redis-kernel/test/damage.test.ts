import { encodeKey } from '@cairnkit/core/driver'
import { describe, expect, it } from 'vitest'
import { type Subject, bytes, object, objectStart, useLab } from './support/subject.js'

const subject = useLab()
const leaf = object(bytes(1, 2, 3))
const top = object(bytes(4), [leaf.id])
const recordStart = Buffer.concat([Buffer.from('r'), encodeKey(['a', '1'])])

async function filled(): Promise<Subject> {
  const one = subject()
  await one.commit({
    mutations: [leaf, top, { type: 'put', key: ['a', '1'], bytes: bytes(5), refs: [top.id] }],
  })
  return one
}

const followed = { type: 'groups', prefix: ['a'], follow: 'all' } as const
const flipLast = (member: Buffer): Buffer => {
  member.writeUInt8(member.readUInt8(member.length - 1) ^ 1, member.length - 1)
  return member
}

describe('damage is named', () => {
  it.each<[string, (one: Subject) => Promise<void>, string, string]>([
    [
      'a missing object',
      (one) => one.tamper(objectStart(leaf.id), () => undefined),
      'corrupt',
      `the object ${leaf.id} is missing, and the object ${top.id} of the record ["a","1"] refers to it`,
    ],
    [
      'a missing object of a record',
      (one) => one.tamper(objectStart(top.id), () => undefined),
      'corrupt',
      `the object ${top.id} is missing, and the record ["a","1"] refers to it`,
    ],
    ['bytes of an object', (one) => one.tamper(objectStart(leaf.id), flipLast), 'corrupt', leaf.id],
    ['bytes of a record', (one) => one.tamper(recordStart, flipLast), 'corrupt', '["a","1"]'],
    [
      'the kind of an object',
      (one) =>
        one.tamper(objectStart(leaf.id), (member) => {
          member.write('s', 17)
          return member
        }),
      'corrupt',
      leaf.id,
    ],
    [
      'a cut object',
      (one) => one.tamper(objectStart(leaf.id), (member) => member.subarray(0, 20)),
      'corrupt',
      leaf.id,
    ],
    [
      'the key of a record',
      (one) => one.tamper(recordStart, () => Buffer.from('ra\x01\x02\x09\x01\0xxxxxxxxxxxx')),
      'corrupt',
      'key',
    ],
    [
      'a key without an end',
      (one) => one.tamper(recordStart, () => Buffer.from('ra\x01zzz')),
      'corrupt',
      'key',
    ],
    ['the epoch', (one) => one.tamper('e', () => undefined), 'corrupt', 'epoch'],
    ['a cut epoch', (one) => one.tamper('e', (member) => member.subarray(0, 5)), 'corrupt', 'epoch'],
    [
      'a newer object',
      (one) =>
        one.tamper(objectStart(leaf.id), (member) => {
          member.writeUInt8(2, 18)
          return member
        }),
      'format',
      leaf.id,
    ],
    [
      'a newer record',
      (one) =>
        one.tamper(recordStart, (member) => {
          member.writeUInt8(9, recordStart.length)
          return member
        }),
      'format',
      '["a","1"]',
    ],
  ])('%s', async (_name, damage, code, named) => {
    const one = await filled()
    await damage(one)
    const failure = one.read(followed)
    await expect(failure).rejects.toMatchObject({ code, disposition: 'permanent' })
    await expect(failure).rejects.toThrow(named)
    expect(await one.driver.drop(one.partition)).toBe(true)
  })

  it('an object that was asked for and is not there is left out; one that it refers to is not', async () => {
    const one = await filled()
    await one.tamper(objectStart(leaf.id), () => undefined)
    const [alone] = await one.read({ type: 'objects', ids: [leaf.id, top.id] })
    expect([...alone.objects.keys()]).toEqual([top.id])
    await expect(one.read({ type: 'objects', ids: [top.id], follow: 'all' })).rejects.toThrow(leaf.id)
  })

  it('a record is read without following what is missing', async () => {
    const one = await filled()
    await one.tamper(objectStart(top.id), () => undefined)
    expect((await one.read({ type: 'get', key: ['a', '1'] }))[0].record?.refs).toEqual([top.id])
  })
})

describe('what stands among the records and is none', () => {
  const names = { type: 'names', prefix: ['a'] } as const
  const groups = { type: 'groups', prefix: ['a'], follow: 'all' } as const
  it.each([0x01, 0x02, 0x61, 0xff])('a key whose end mark became %i', async (byte) => {
    const one = await filled()
    await one.tamper(recordStart, (member) => {
      member.writeUInt8(byte, recordStart.length - 1)
      return member
    })
    for (const read of [groups, { ...groups, reverse: true }, { ...groups, orphans: true }])
      await expect(one.read(read)).rejects.toMatchObject({ code: 'corrupt' })
    // A name needs no more than the beginning of a key.
    for (const read of [names, { ...names, reverse: true }])
      expect(await one.read(read)).toMatchObject([{ names: [expect.stringMatching(/^1/)] }])
    expect(await one.driver.drop(one.partition)).toBe(true)
  })

  it.each(['-1', '1'])('an epoch and a record whose score became %s', async (score) => {
    const one = await filled()
    const [epoch] = (await one.node.commandBytes('ZRANGE', one.key, '0', '0')) as Buffer[]
    const [record] = (await one.node.commandBytes('ZRANGE', one.key, '-1', '-1')) as Buffer[]
    await one.node.command('ZADD', one.key, score, epoch as Buffer, score, record as Buffer)
    await expect(one.read(followed)).rejects.toMatchObject({ code: 'corrupt' })
    expect(await one.driver.drop(one.partition)).toBe(true)
  })

  it('a second record of the same key', async () => {
    const one = await filled()
    const [first] = (await one.node.commandBytes('ZRANGE', one.key, '-1', '-1')) as Buffer[]
    await one.commit({ mutations: [{ type: 'put', key: ['a', '1'], bytes: bytes(9) }] })
    await one.node.command('ZADD', one.key, '0', first as Buffer)
    await expect(one.read({ type: 'range', prefix: [] })).rejects.toThrow(
      'the record ["a","1"] is there twice',
    )
  })

  it("members of somebody else's before and behind ours", async () => {
    const one = await filled()
    await one.node.command('ZADD', one.key, '0', 'anna', '0', 'bert', '0', 'zoe')
    await expect(one.read(followed)).rejects.toMatchObject({ code: 'corrupt' })
    expect(await one.driver.drop(one.partition)).toBe(true)
  })
})

describe('a sweep that meets what it cannot read changes nothing', () => {
  it.each([
    ['object', objectStart(leaf.id), 18, leaf.id],
    ['record', recordStart, recordStart.length, '["a","1"]'],
  ])('a newer %s', async (_name, start, at, named) => {
    const one = await filled()
    await one.tamper(start, (member) => {
      member.writeUInt8(9, at)
      return member
    })
    const before = await one.members()
    const failure = one.commit({
      mutations: [{ type: 'put', key: ['b'], bytes: bytes() }, { type: 'sweep' }],
    })
    await expect(failure).rejects.toMatchObject({ code: 'format' })
    await expect(failure).rejects.toThrow(named)
    expect(await one.members()).toEqual(before)
  })
})

describe("another program's key", () => {
  it.each<[string, string[]]>([
    ['a string', ['SET', 'text']],
    ['a list', ['RPUSH', 'text']],
    ['a hash', ['HSET', 'field', 'text']],
    ['a set', ['SADD', 'text']],
    ['a sorted set of words', ['ZADD', '0', 'elephant', '0', 'orange', '0', 'pear', '0', 'rabbit']],
    ['a sorted set of scores', ['ZADD', '3', 'anna', '7', 'bert']],
  ])('%s is not touched', async (_name, [verb = '', ...content]) => {
    const one = subject()
    await one.node.command(verb, one.key, ...content)
    const before = await one.node.commandBytes('DUMP', one.key)
    const foreign = { code: 'foreign', disposition: 'permanent' }
    const meanings = await Promise.all(
      [
        one.read({ type: 'info' }),
        one.read({ type: 'groups', prefix: ['c'], limit: 1, reverse: true, follow: 'all' }),
        one.commit({ mutations: [{ type: 'put', key: ['a'], bytes: bytes() }] }),
        one.commit({ mutations: [{ type: 'deleteRange', prefix: [] }, { type: 'sweep' }] }),
        one.driver.drop(one.partition),
      ].map((call) =>
        (call as Promise<unknown>).then(
          () => undefined,
          (cause: unknown) => one.driver.classify(cause),
        ),
      ),
    )
    expect(meanings).toEqual([foreign, foreign, foreign, foreign, foreign])
    expect(await one.node.commandBytes('DUMP', one.key)).toEqual(before)
  })
})
