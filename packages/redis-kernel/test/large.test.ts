import { describe, expect, it } from 'vitest'
import { readVerbs } from './support/server-commands.js'
import { type Subject, bytes, noise, object, objectStart, useLab } from './support/subject.js'

const subject = useLab()

const KIB = 1024

/** A record that reaches `count` objects of 100 KiB, one below the other. */
async function chained(count: number): Promise<{ one: Subject; ids: string[] }> {
  const one = subject()
  const objects = [object(noise(100 * KIB, 1))]
  for (let seed = 2; seed <= count; seed++) {
    objects.unshift(object(noise(100 * KIB, seed), [objects[0]?.id ?? '']))
  }
  const ids = objects.map(({ id }) => id)
  await one.commit({
    mutations: [...objects, { type: 'put', key: ['a'], bytes: bytes(1), refs: ids.slice(0, 1) }],
  })
  one.transport.takeNames()
  return { one, ids }
}

const followed = { type: 'get', key: ['a'], follow: 'all' } as const

describe('a large object', () => {
  it.each([[256 * KIB], [256 * KIB + 1], [512 * KIB], [3_000_000], [20_000_000]])(
    'of %i bytes comes back exactly',
    async (length) => {
      const one = subject()
      const leaf = object(bytes(1))
      const large = object(noise(length), [leaf.id])
      await one.commit({
        mutations: [large, leaf, { type: 'put', key: ['a'], bytes: bytes(), refs: [large.id] }],
      })
      const [got, alone] = await one.read(followed, { type: 'objects', ids: [large.id] })
      expect([...got.objects.keys()]).toEqual([large.id, leaf.id])
      expect(Buffer.compare(got.objects.get(large.id)?.bytes ?? bytes(), large.bytes)).toBe(0)
      expect(alone.objects.get(large.id)?.refs).toEqual([leaf.id])
      const [info] = await one.read({ type: 'info' })
      expect(info.objects).toBe(2)
      for (const member of await one.members()) expect(member.length).toBeLessThan(256 * KIB + 64)
    },
  )

  it('is written once', async () => {
    const one = subject()
    const large = object(noise(600_000))
    await one.commit({ mutations: [large] })
    const before = await one.members()
    await one.commit({ mutations: [large, { ...large, bytes: bytes(1) }] })
    expect(await one.members()).toEqual(before)
  })

  it('with a part missing or damaged is a corrupt error that names it', async () => {
    const large = object(noise(600_000))
    for (const change of [
      () => undefined,
      (member: Buffer) => {
        member.writeUInt8(member.readUInt8(40) ^ 1, 40)
        return member
      },
      (member: Buffer) => member.subarray(0, -1),
    ]) {
      const one = subject()
      await one.commit({ mutations: [large] })
      const parts = (await one.members()).filter((member) => member.toString('latin1', 0, 1) === 'p')
      await one.tamper(parts[1]?.subarray(0, 21) ?? '', change)
      const failure = one.read({ type: 'objects', ids: [large.id] })
      await expect(failure).rejects.toMatchObject({ code: 'corrupt', disposition: 'permanent' })
      await expect(failure).rejects.toThrow(large.id)
    }
  })
})

describe('a closure that is too large for one script', () => {
  it('is completed by native reads, in few rounds, and looks the same', async () => {
    const { one, ids } = await chained(8)
    const [got] = await one.read(followed)
    expect([...got.objects.keys()]).toEqual(ids)
    expect(one.transport.takeNames()).toEqual([(await readVerbs(one.node))[0], 'ZRANGE', 'ZRANGE'])
  })

  it('keeps a few commands in flight, and not all: the server turns to nobody else between them', async () => {
    const one = subject()
    const objects = Array.from({ length: 30 }, (_, at) => object(noise(100 * KIB, at + 1)))
    const refs = objects.map(({ id }) => id)
    await one.commit({ mutations: [...objects, { type: 'put', key: ['a'], bytes: bytes(), refs }] })
    one.transport.takeNames()
    const inFlight: number[] = []
    let running = 0
    const send = one.transport.send.bind(one.transport)
    one.transport.send = async (key, command) => {
      inFlight.push(++running)
      return await send(key, command).finally(() => running--)
    }
    const [got] = await one.read(followed)
    expect([...got.objects.keys()]).toEqual(refs)
    expect(Math.max(...inFlight)).toBe(8)
    expect(inFlight.slice(-16).every((count) => count === 8)).toBe(true)
    expect(got.objects.get(refs[29] ?? '')?.bytes).toEqual(objects[29]?.bytes)
  })

  it('starts anew when the partition is dropped meanwhile', async () => {
    const { one } = await chained(8)
    one.transport.before = async ([name]) => {
      if (name !== 'ZRANGE') return
      one.transport.before = () => {}
      await one.node.command('UNLINK', one.key)
    }
    const [got] = await one.read(followed)
    expect(got).toEqual({ type: 'get', record: undefined, objects: new Map() })
  })

  it('is not disturbed when the partition is born anew with the same objects', async () => {
    const { one, ids } = await chained(8)
    const members = await one.members()
    one.transport.before = async ([name]) => {
      if (name !== 'ZRANGE') return
      await one.node.command('UNLINK', one.key)
      for (const member of members) await one.node.commandBytes('ZADD', one.key, '0', member)
    }
    const [got] = await one.read(followed)
    expect([...got.objects.keys()]).toEqual(ids)
  })

  it('says what is missing, after it looked again', async () => {
    const { one, ids } = await chained(8)
    const [above = '', lost = ''] = ids.slice(-2)
    await one.tamper(objectStart(lost), () => undefined)
    const failure = one.read(followed)
    await expect(failure).rejects.toMatchObject({ code: 'corrupt' })
    await expect(failure).rejects.toThrow(
      `the object ${lost} is missing, and the object ${above} of the record ["a"] refers to it`,
    )
    const [verb] = await readVerbs(one.node)
    expect(one.transport.takeNames().filter((name) => name === verb)).toHaveLength(3)
  })

  it('records may be larger than what a script gathers', async () => {
    const one = subject()
    const leaf = object(bytes(9))
    const record = noise(3_000_000)
    await one.commit({ mutations: [leaf, { type: 'put', key: ['a'], bytes: record, refs: [leaf.id] }] })
    const [got] = await one.read(followed)
    expect(Buffer.compare(got.record?.bytes ?? bytes(), record)).toBe(0)
    expect([...got.objects.keys()]).toEqual([leaf.id])
  })
})

it('a signal has one listener, however many commands a read takes', async () => {
  const one = subject()
  const large = object(noise(8_000_000))
  await one.commit({ mutations: [large] })
  const warnings: Error[] = []
  const note = (warning: Error): unknown => warnings.push(warning)
  process.on('warning', note)
  const { signal } = new AbortController()
  await one.driver.read(one.partition, [{ type: 'objects', ids: [large.id] }], { signal })
  await new Promise((resolve) => setImmediate(resolve))
  process.off('warning', note)
  expect(warnings).toEqual([])
})
