import assert from 'node:assert/strict'
import { type Read, objectId } from '@cairnkit/core/driver'
import { object, put } from './mutations.js'
import { textsOf } from './plain.js'
import type { DriverSuite } from './suite.js'

/** What the caller says it holds is left out of the results, with all that it reaches, and not looked at. */
export function knownObjects(suite: DriverSuite): void {
  suite.section('known objects', () => {
    const leaf = object('leaf')
    const shared = object('shared')
    const branch = object('branch', [leaf.id, shared.id])
    const other = object('other', [shared.id])
    const all = [leaf, shared, branch, other]
    const missing = objectId(Buffer.from('never stored'))

    const readers: Readonly<Record<string, Read>> = {
      get: { type: 'get', key: ['a'], follow: 'all' },
      range: { type: 'range', prefix: [], follow: 'all' },
      groups: { type: 'groups', prefix: [], follow: 'all' },
      objects: { type: 'objects', ids: [branch.id, other.id], follow: 'all' },
    }
    for (const [name, read] of Object.entries(readers)) {
      suite.test(`are left out with what only they reach: ${name}`, async () => {
        const subject = suite.fresh()
        await subject.write(...all, put(['a'], 'v', [branch.id, other.id]))
        const cases = [
          [[], ['branch', 'leaf', 'other', 'shared']],
          [[branch.id], ['other', 'shared']],
          [[shared.id], ['branch', 'leaf', 'other']],
          [[branch.id, shared.id], ['other']],
          [[branch.id, other.id], []],
          [[missing], ['branch', 'leaf', 'other', 'shared']],
        ] as const
        for (const [known, expected] of cases) {
          const [result] = await subject.readWith({ known }, read)
          assert.ok('objects' in result && typeof result.objects === 'object')
          assert.deepEqual(textsOf(result.objects), expected)
        }
      })
    }

    suite.test('are not missed', async () => {
      const subject = suite.fresh()
      const holder = object('holder', [missing])
      await subject.write(holder, put(['a'], 'v', [holder.id, missing]))
      const [known] = await subject.readWith({ known: [missing] }, { type: 'get', key: ['a'], follow: 'all' })
      assert.deepEqual(textsOf(known.objects), ['holder'])
    })

    suite.test('are left out even when they are asked for by id', async () => {
      const subject = suite.fresh()
      await subject.write(leaf, shared)
      const [result] = await subject.readWith(
        { known: [leaf.id] },
        { type: 'objects', ids: [leaf.id, shared.id] },
      )
      assert.deepEqual(textsOf(result.objects), ['shared'])
    })

    suite.test('change nothing about records', async () => {
      const subject = suite.fresh()
      await subject.write(leaf, put(['a'], 'v', [leaf.id]))
      const [result] = await subject.readWith(
        { known: [leaf.id] },
        { type: 'range', prefix: [], follow: 'all' },
      )
      assert.deepEqual(
        result.records.map(({ refs }) => [...refs]),
        [[leaf.id]],
      )
    })

    suite.test('are left out of a closure that is too large for one answer', async () => {
      const subject = suite.fresh()
      const large = Array.from({ length: 6 }, (_, at) => object(Buffer.alloc(400_000, at + 1)))
      await subject.write(
        ...large,
        put(
          ['a'],
          'v',
          large.map(({ id }) => id),
        ),
      )
      const known = large.slice(0, 5).map(({ id }) => id)
      const [result] = await subject.readWith({ known }, { type: 'get', key: ['a'], follow: 'all' })
      assert.deepEqual([...result.objects.keys()], [large[5]?.id])
    })
  })
}
