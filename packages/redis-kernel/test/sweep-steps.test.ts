import type { CommitResult, Mutation } from '@cairnkit/core/driver'
import { describe, expect, it } from 'vitest'
import { scripts } from '../src/storage/scripts.generated.js'
import {
  type Subject,
  type TestObject,
  bytes,
  noise,
  object,
  objectStart,
  useLab,
} from './support/subject.js'

const subject = useLab()
const info = { type: 'info' } as const

const put = (key: string[], refs: string[] = []): Mutation => ({ type: 'put', key, bytes: bytes(1), refs })

interface Filled {
  readonly one: Subject
  readonly kept: readonly TestObject[]
  readonly lost: readonly TestObject[]
}

/** More than one script looks at; some are in parts. */
async function filled(): Promise<Filled> {
  const one = subject()
  const some = (seed: number): TestObject[] => [
    ...Array.from({ length: 450 }, (_, at) => object(noise(20, seed + at))),
    object(noise(700_000, seed)),
    object(noise(300_000, seed)),
  ]
  const [kept, lost] = [some(1), some(1001)]
  await one.commit({
    mutations: [...kept, ...lost, ...kept.map(({ id }, at) => put(['k', String(at)], [id]))],
  })
  return { one, kept, lost }
}

/** The ids and sizes of what a sweep removed, sorted. */
function named(result: CommitResult): string[] | undefined {
  return result.ok ? result.removed?.map(({ id, bytes: size }) => `${id} ${size}`).sort() : undefined
}

function namesOf(objects: readonly TestObject[]): string[] {
  return objects.map(({ id, bytes: { length } }) => `${id} ${length}`).sort()
}

async function expectSwept({ one, kept, lost }: Filled): Promise<void> {
  const [state, held, gone] = await one.read(
    info,
    { type: 'range', prefix: ['k'], follow: 'all' },
    { type: 'objects', ids: lost.map(({ id }) => id) },
  )
  expect([state.records, state.objects, held.objects.size, gone.objects.size]).toEqual([452, 452, 452, 0])
  for (const { id, bytes: content } of kept)
    expect(Buffer.compare(held.objects.get(id)?.bytes ?? bytes(), content)).toBe(0)
  const letters = (await one.members()).map((member) => member.toString('latin1', 0, 1)).join('')
  expect(letters.replace(/(.)\1+/g, '$1')).toBe('egopr')
  expect(letters.replaceAll(/[^p]/g, '')).toBe('p'.repeat(5))
}

describe('a sweep of many objects', () => {
  it('goes in steps, and gives a new epoch', async () => {
    const all = await filled()
    const { one } = all
    const before = (await one.read(info))[0].epoch
    one.transport.takeNames()
    const swept = await one.commit({ mutations: [{ type: 'sweep' }] })
    const { epoch } = swept
    expect(named(swept)).toEqual(namesOf(all.lost))
    expect(one.transport.sent.filter(([, script]) => script === scripts.apply.sha1).length).toBeGreaterThan(3)
    expect(epoch).not.toBe(before)
    expect((await one.read(info))[0].epoch).toBe(epoch)
    await expectSwept(all)
    // Now there is nothing to remove.
    const again = await one.commit({ mutations: [{ type: 'sweep' }] })
    expect(again).toMatchObject({ epoch, removed: [] })
  })

  it('is done between what stands before it in its batch and what stands behind', async () => {
    const all = await filled()
    const { one, lost } = all
    const [first, second] = lost
    await one.commit({ mutations: [put(['x'], [second?.id ?? ''])] })
    const result = await one.commit({
      checks: [{ type: 'present', key: ['x'] }],
      mutations: [
        { type: 'delete', key: ['x'] },
        { type: 'sweep' },
        first ?? object(bytes()),
        { type: 'expire', ttlMs: 60_000 },
      ],
    })
    expect(result).toMatchObject({ ok: true, created: false, ttlMs: 60_000 })
    expect(named(result)).toEqual(namesOf(lost))
    const [state, objects] = await one.read(info, { type: 'objects', ids: lost.map(({ id }) => id) })
    expect([...objects.objects.keys()]).toEqual([first?.id])
    expect(state.ttlMs).toBeGreaterThan(30_000)
    expect(await one.commit({ mutations: [{ type: 'sweep' }] })).toMatchObject({ ok: true })
    await expectSwept(all)
  })

  it('of all there is leaves no partition', async () => {
    const { one, kept, lost } = await filled()
    const batch = { mutations: [{ type: 'deleteRange', prefix: [] }, { type: 'sweep' }] } as const
    const result = await one.commit(batch)
    expect(result).toMatchObject({ ok: true, epoch: null })
    expect(named(result)).toEqual(namesOf([...kept, ...lost]))
    expect(await one.node.command('EXISTS', one.key)).toBe(0)
  })

  it('over a check that fails is nothing', async () => {
    const { one } = await filled()
    const before = (await one.members()).length
    const batch = { checks: [{ type: 'absent', key: ['k', '0'] }], mutations: [{ type: 'sweep' }] } as const
    expect(await one.commit(batch)).toMatchObject({ ok: false, failedChecks: [0] })
    expect(await one.members()).toHaveLength(before)
  })

  it('that meets what it cannot read changes nothing', async () => {
    const { one, kept } = await filled()
    await one.tamper(objectStart(kept[3]?.id ?? ''), (member) => {
      member.writeUInt8(9, 18)
      return member
    })
    const before = (await one.members()).map((member) => member.toString('latin1'))
    const failure = one.commit({ mutations: [put(['b']), { type: 'sweep' }] })
    await expect(failure).rejects.toMatchObject({ code: 'format' })
    await expect(failure).rejects.toThrow(kept[3]?.id ?? 'no id')
    expect((await one.members()).map((member) => member.toString('latin1'))).toEqual(before)
  })

  it.each([
    [1, false],
    [2, false],
    [3, true],
  ])('that others help with from step %i on names all that it removed, or nothing', async (step, isKnown) => {
    const all = await filled()
    const { one } = all
    let steps = 0
    one.transport.before = async ([name, sha]) => {
      if (name === 'EVALSHA' && sha === scripts.apply.sha1 && ++steps === step)
        await one.readBy(subject(), info)
    }
    const result = await one.commit({ mutations: [{ type: 'sweep' }] })
    one.transport.before = () => {}
    expect(named(result)).toEqual(isKnown ? namesOf(all.lost) : undefined)
    await expectSwept(all)
  })

  it('of two in one batch names what both removed', async () => {
    const all = await filled()
    const { one, kept } = all
    const [first] = kept
    const result = await one.commit({
      mutations: [{ type: 'sweep' }, { type: 'delete', key: ['k', '0'] }, { type: 'sweep' }],
    })
    expect(named(result)).toEqual(namesOf([...all.lost, ...(first === undefined ? [] : [first])]))
  })

  it.each([1, 2, 4])('whose process ends at step %i is carried out by whoever comes', async (step) => {
    const all = await filled()
    const { one } = all
    const before = (await one.read(info))[0].epoch
    let steps = 0
    one.transport.before = ([name, sha]) => {
      if (name === 'EVALSHA' && sha === scripts.apply.sha1 && ++steps >= step)
        throw new Error('read ECONNRESET')
    }
    const result = await one.commit({ mutations: [{ type: 'sweep' }] })
    expect(result).toMatchObject({ ok: true })
    expect(result).not.toHaveProperty('removed')
    one.transport.before = () => {}
    const others = [subject(), subject(), subject()]
    const epochs = await Promise.all(others.map(async (other) => (await one.readBy(other, info))[0].epoch))
    expect(new Set(epochs).size).toBe(1)
    expect(epochs[0]).not.toBe(before)
    await expectSwept(all)
  })
})
