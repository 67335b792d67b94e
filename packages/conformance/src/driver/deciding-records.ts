import assert from 'node:assert/strict'
import type { ExpireMutation, Mutation, Tuple } from '@cairnkit/core/driver'
import { expectApplied } from './expectations.js'
import { drop, expire, insert, object, put, remove, sweep } from './mutations.js'
import { same } from './same.js'
import type { Subject } from './subject.js'
import type { DriverSuite } from './suite.js'

const HOUR_MS = 3_600_000
const PIN: Tuple = ['l', 'pin']
const OWN: Tuple = ['l']
const decidedBy = [PIN, OWN]

/** In hours, `null` for ever, `undefined` if the result does not speak of it. */
type Hours = number | null | undefined

/** An expiry that depends on what the partition holds, and what a commit tells of it. */
export function decidingRecords(suite: DriverSuite): void {
  suite.waitingSection('rule 6: records may decide when a partition expires', () => {
    suite.test('takes the milliseconds that a record says', async () => {
      const subject = suite.fresh()
      await subject.write(put(OWN, hours(2)))
      assert.equal(await told(subject, put(['a']), expire(HOUR_MS, { decidedBy })), 2)
      assert.equal(await left(subject), 2)
      assert.equal(await told(subject, put(OWN, '9'.repeat(15)), expire(HOUR_MS, { decidedBy })), 277_777_778)
    })

    suite.test('lives for ever if the record that decides is empty', async () => {
      const subject = suite.fresh()
      await subject.write(put(['a']), expire(suite.shortTtlMs))
      assert.equal(await told(subject, put(PIN, ''), expire(suite.shortTtlMs, { decidedBy })), null)
      await suite.letExpire()
      same([await left(subject), (await subject.info()).records], [null, 2])
    })

    suite.test('takes the first record that says something', async () => {
      const subject = suite.fresh()
      const renew = expire(HOUR_MS, { decidedBy: [['none'], ['words'], PIN, OWN] })
      await subject.write(put(['words'], 'no number'), put(OWN, hours(2)))
      assert.equal(await told(subject, renew), 2)
      assert.equal(await told(subject, put(PIN, hours(3)), renew), 3)
      assert.equal(await told(subject, remove(PIN), renew), 2)
      assert.equal(await told(subject, remove(OWN), renew), 1)
    })

    suite.test('passes over records that say nothing', async () => {
      const subject = suite.fresh()
      const [large, long] = ['1'.repeat(300_000), '1'.repeat(16)]
      for (const said of [
        '0',
        '00',
        '07',
        '-1',
        '+1',
        '1.5',
        '1e3',
        '0x9',
        ' 1',
        '1 ',
        '1\n',
        '1\0',
        long,
        large,
      ]) {
        const batch = [put(OWN, said), expire(2 * HOUR_MS, { decidedBy })]
        assert.equal(await told(subject, ...batch), 2, JSON.stringify(said.slice(0, 20)))
        await subject.write(expire(HOUR_MS))
      }
    })

    suite.test('takes the bytes of a record alone, not its references', async () => {
      const subject = suite.fresh()
      const [one, two] = [object('1'), object('2')]
      const refs = [one.id, two.id]
      assert.equal(await told(subject, one, two, put(OWN, hours(2), refs), expire(null, { decidedBy })), 2)
      assert.equal(await told(subject, put(PIN, '', refs), expire(HOUR_MS, { decidedBy })), null)
    })

    const renew = expire(HOUR_MS, { decidedBy })
    const batches: Readonly<Record<string, readonly [before: Mutation[], batch: Mutation[], Hours]>> = {
      'a put behind it': [[], [renew, put(OWN, hours(2))], 2],
      'the last of two puts': [[], [put(OWN, hours(2)), renew, put(OWN, hours(3))], 3],
      'an insert that finds nothing': [[], [insert(OWN, hours(2)), renew], 2],
      'an insert that finds a record': [[put(OWN, hours(3))], [insert(OWN, hours(2)), renew], 3],
      'an insert behind a delete': [[put(OWN, hours(3))], [remove(OWN), insert(OWN, hours(2)), renew], 2],
      'an insert that finds words': [[put(OWN, 'words')], [insert(OWN, hours(2)), renew], 1],
      'a delete': [[put(PIN, ''), put(OWN, hours(2))], [renew, remove(PIN)], 2],
      'a range that is deleted': [
        [put(PIN, ''), put(OWN, hours(2))],
        [{ type: 'deleteRange', prefix: ['l', 'pin'] }, renew],
        2,
      ],
      'a range that is deleted, and what comes behind': [
        [put(PIN, ''), put(OWN, hours(2))],
        [{ type: 'deleteRange', prefix: ['l'] }, insert(PIN, hours(4)), renew],
        4,
      ],
      'a range beside it': [
        [put(PIN, hours(3))],
        [{ type: 'deleteRange', prefix: ['l'], from: ['l', 'pinned'] }, renew],
        3,
      ],
    }
    for (const [name, [before, batch, expected]] of Object.entries(batches)) {
      suite.test(`looks at the records as the batch leaves them: ${name}`, async () => {
        const subject = suite.fresh()
        await subject.write(put(['a']), ...before)
        assert.equal(await told(subject, ...batch), expected)
        assert.equal(await left(subject), expected)
      })
      suite.test(`looks at the records as a large batch leaves them: ${name}`, async () => {
        const subject = suite.fresh()
        await subject.write(put(['a']), ...before)
        const many = Array.from({ length: 600 }, (_, at) => put(['p', String(at)]))
        const rest = Array.from({ length: 600 }, (_, at) => put(['q', String(at)]))
        assert.equal(await told(subject, ...many, ...batch, ...rest), expected)
        assert.equal(await left(subject), expected)
      })
    }

    suite.test('expires on time by what a record says', async () => {
      const subject = suite.fresh()
      await subject.write(put(OWN, String(suite.shortTtlMs)), expire(null, { decidedBy }))
      await suite.letExpire()
      await subject.assertAbsent()
    })

    suite.test('is renewed by each commit that asks for it', async () => {
      const subject = suite.fresh()
      await subject.write(put(OWN, hours(2)), expire(HOUR_MS))
      assert.equal(await left(subject), 1)
      await subject.write(put(['a']))
      assert.equal(await left(subject), 1)
      await subject.write(expire('unchanged', { decidedBy }))
      assert.equal(await left(subject), 2)
    })

    suite.test('leaves the expiry as it is', async () => {
      const subject = suite.fresh()
      assert.equal(await told(subject, put(['a']), expire('unchanged')), null)
      await subject.write(expire(2 * HOUR_MS))
      assert.equal(await told(subject, put(['b']), expire('unchanged', { decidedBy })), 2)
      assert.equal(await told(subject, put(OWN, hours(3)), expire('unchanged', { decidedBy })), 3)
      assert.equal(await told(subject, remove(OWN), expire('unchanged', { decidedBy })), 3)
      assert.equal(await told(subject, put(PIN, ''), expire('unchanged', { decidedBy })), null)
    })

    suite.test('is the last one alone where there are several, whatever the others say', async () => {
      const subject = suite.fresh()
      await subject.write(put(['a']), expire(2 * HOUR_MS))
      assert.equal(await told(subject, expire(HOUR_MS), expire('unchanged')), 2)
      assert.equal(await told(subject, put(OWN, hours(3)), expire(1, { decidedBy }), expire(HOUR_MS)), 1)
      assert.equal(await told(subject, expire(5 * HOUR_MS), expire(1, { ifNone: true })), 1)
    })

    suite.test('sets no expiry where there is one, if it is only for those without', async () => {
      const subject = suite.fresh()
      const once = (ttlMs: number, more: Partial<ExpireMutation> = {}): Mutation =>
        expire(ttlMs, { ifNone: true, ...more })
      await subject.write(put(['a']))
      assert.equal(await told(subject, once(2 * HOUR_MS)), 2)
      assert.equal(await told(subject, put(['b']), once(HOUR_MS)), 2)
      assert.equal(await told(subject, put(OWN, hours(3)), once(HOUR_MS, { decidedBy })), 2)
      await subject.write(expire(null))
      assert.equal(await told(subject, once(HOUR_MS, { decidedBy })), 3)
      assert.equal(await left(subject), 3)
    })

    suite.test('sets one where the batch gives birth, if it is only for those without', async () => {
      const [born, reborn, refilled] = [suite.fresh(), suite.fresh(), suite.fresh()]
      const once = expire(HOUR_MS, { ifNone: true })
      assert.equal(await told(born, once, put(['a'])), 1)
      await reborn.write(put(['a']), expire(2 * HOUR_MS))
      assert.equal(await told(reborn, drop(), put(['b']), once), 1)
      await refilled.write(put(['a']), expire(2 * HOUR_MS))
      assert.equal(await told(refilled, remove(['a']), put(['b']), once), 2, 'it is the same partition')
    })

    suite.test('tells nothing of an expiry that nobody asked for, or that is of nothing', async () => {
      const subject = suite.fresh()
      assert.equal(await told(subject, put(['a'])), undefined)
      await subject.write(expire(HOUR_MS))
      assert.equal(await told(subject, put(['b']), object('held')), undefined)
      assert.equal(await told(subject, sweep), undefined)
      const emptied = [expire(HOUR_MS), { type: 'deleteRange', prefix: [] } as const]
      assert.equal(await told(subject, ...emptied), undefined)
      assert.equal(await told(subject, ...emptied), undefined)
      await subject.assertAbsent()
    })

    suite.test('is forgotten with what a batch drops behind it', async () => {
      const subject = suite.fresh()
      await subject.write(put(['a']), put(OWN, hours(2)))
      assert.equal(await told(subject, expire(HOUR_MS, { decidedBy }), drop(), put(['b'])), null)
      assert.equal(await left(subject), null)
    })
  })
}

/** What the result of a commit says, which must be applied. */
async function told(subject: Subject, ...mutations: readonly Mutation[]): Promise<Hours> {
  const result = await subject.commit({ mutations })
  expectApplied(result, result.ok && result.created)
  if (!('ttlMs' in result)) return undefined
  return inHours(result.ttlMs ?? null)
}

async function left(subject: Subject): Promise<Hours> {
  return inHours((await subject.info()).ttlMs)
}

function inHours(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms / HOUR_MS)
}

function hours(count: number): string {
  return String(count * HOUR_MS)
}
