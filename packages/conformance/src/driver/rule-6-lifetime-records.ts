import assert from 'node:assert/strict'
import type { ExpireMutation, Mutation, Tuple } from '@cairnkit/core/driver'
import { expire, insert, put, remove, sweep } from './mutations.js'
import type { Subject } from './subject.js'
import type { DriverSuite } from './suite.js'
import { same } from './same.js'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const LIFE: Tuple = ['life']
const PIN: Tuple = ['life', 'pin']

/** Of the records that a batch leaves, some may say how long the partition lives. */
export function lifetimeRecords(suite: DriverSuite): void {
  suite.section('rule 6: a record decides when a partition expires', () => {
    for (const [what, before, mutations, expected] of cases) {
      suite.test(what, async () => {
        const subject = suite.fresh()
        if (before.length > 0) await subject.write(...before)
        const result = await subject.commit({ mutations })
        assert.ok(result.ok, 'the commit was to be applied')
        assertTtl(result.ttlMs, expected)
        assertTtl(await ttlOf(subject), expected)
      })
    }

    suite.test('says nothing of the expiry in the result of a commit that does not speak of it', async () => {
      const subject = suite.fresh()
      await subject.write(put(['a']), expire(HOUR_MS))
      const result = await subject.commit({ mutations: [put(['b'])] })
      assert.ok(result.ok && result.ttlMs === undefined)
    })

    suite.test('creates nothing by itself, and has nothing to tell then', async () => {
      const subject = suite.fresh()
      const result = await subject.commit({ mutations: [decided(HOUR_MS), expire(HOUR_MS)] })
      assert.ok(result.ok && !result.created && result.epoch === null && result.ttlMs === undefined)
      await subject.assertAbsent()
    })

    suite.test('is known in a batch of many mutations, too', async () => {
      const many = Array.from({ length: 700 }, (_, at) => put(['many', String(at)]))
      const [own, last, former, none] = [suite.fresh(), suite.fresh(), suite.fresh(), suite.fresh()]
      await own.write(...many, put(LIFE, String(DAY_MS)), decided(HOUR_MS))
      await last.write(put(LIFE, '1'), ...many, put(LIFE, ''), put(LIFE, String(DAY_MS)), decided(HOUR_MS))
      await former.write(put(LIFE, String(DAY_MS)))
      await former.write(...many, decided(HOUR_MS))
      await none.write(put(LIFE, String(DAY_MS)), put(PIN, ''))
      await none.write(...many, put(PIN, 'no'), remove(LIFE), decided(HOUR_MS))
      for (const subject of [own, last, former]) assertTtl(await ttlOf(subject), DAY_MS)
      assertTtl(await ttlOf(none), HOUR_MS)
    })
  })

  suite.section('the time of the storage', () => {
    suite.test('is a whole number of milliseconds, and goes on', async () => {
      const subject = suite.fresh()
      const [first, info] = await subject.read({ type: 'time' }, { type: 'info' })
      assert.ok(Number.isSafeInteger(first.nowMs) && first.nowMs >= 0, `the time is ${first.nowMs}`)
      assert.equal(info.epoch, null, 'asking for the time creates nothing')
      await suite.letPass(20)
      const [second] = await subject.read({ type: 'time' })
      assert.ok(second.nowMs >= first.nowMs + 15, `${second.nowMs - first.nowMs} ms have passed`)
    })
  })
}

type Case = readonly [
  what: string,
  before: readonly Mutation[],
  mutations: readonly Mutation[],
  ttlMs: number | null,
]

const cases: readonly Case[] = [
  ['without records, its own time counts', [], [put(['a']), decided(HOUR_MS)], HOUR_MS],
  ['a record decides', [put(LIFE, String(DAY_MS))], [decided(HOUR_MS)], DAY_MS],
  [
    'a record of the same batch decides, before the expiry',
    [],
    [put(LIFE, String(DAY_MS)), decided(1)],
    DAY_MS,
  ],
  [
    'a record of the same batch decides, behind the expiry',
    [],
    [decided(1), put(LIFE, String(DAY_MS))],
    DAY_MS,
  ],
  [
    'the record that the batch leaves decides',
    [put(LIFE, '1')],
    [put(LIFE, String(DAY_MS)), decided(HOUR_MS)],
    DAY_MS,
  ],
  ['the first insert decides', [put(LIFE, String(DAY_MS))], [insert(LIFE, '5'), decided(HOUR_MS)], DAY_MS],
  [
    'a deleted record decides nothing',
    [put(LIFE, String(DAY_MS))],
    [put(['a']), remove(LIFE), decided(HOUR_MS)],
    HOUR_MS,
  ],
  ['an empty record means for ever', [put(LIFE, ''), expire(HOUR_MS)], [decided(HOUR_MS)], null],
  ['the first record that says something decides', [put(LIFE, '5'), put(PIN, '')], [decided(HOUR_MS)], null],
  [
    'a record with other bytes says nothing',
    [put(LIFE, String(DAY_MS)), put(PIN, 'no')],
    [decided(HOUR_MS)],
    DAY_MS,
  ],
  ...['-5', '1.5', '1e5', ' 5', '5 ', '0x10', '1234567890123456', 'no', '\0'].map((text): Case => [
    `${JSON.stringify(text)} says nothing`,
    [put(LIFE, text)],
    [decided(HOUR_MS)],
    HOUR_MS,
  ]),
  ['leading zeros are digits', [put(LIFE, `0${HOUR_MS}`)], [decided(1)], HOUR_MS],
  ['15 digits are exact', [put(LIFE, '999999999999999')], [decided(1)], 999_999_999_999_999],
  [
    'a neighbour of the key decides nothing',
    [put(['life', 'x'], '5'), put(['lif'], '5')],
    [decided(HOUR_MS)],
    HOUR_MS,
  ],
  [
    'a record with references decides as well',
    [put(LIFE, String(DAY_MS), ['a'.repeat(32)])],
    [decided(1)],
    DAY_MS,
  ],
  ['unchanged leaves an expiry', [put(['a']), expire(HOUR_MS)], [decided('unchanged')], HOUR_MS],
  ['unchanged leaves none', [put(['a'])], [decided('unchanged')], null],
  [
    'unchanged gives way to a record',
    [put(LIFE, String(DAY_MS)), expire(HOUR_MS)],
    [decided('unchanged')],
    DAY_MS,
  ],
  ['of several, the last one counts', [put(LIFE, String(DAY_MS))], [decided(1), expire(HOUR_MS)], HOUR_MS],
  ['only where there is none: there is none', [put(['a'])], [ifNone(HOUR_MS)], HOUR_MS],
  ['only where there is none: there is one', [put(['a']), expire(DAY_MS)], [ifNone(HOUR_MS)], DAY_MS],
  ['only where there is none: a birth', [], [put(['a']), ifNone(HOUR_MS)], HOUR_MS],
  [
    'only where there is none: after a drop',
    [put(['a']), expire(DAY_MS)],
    [{ type: 'drop', tombstoneMs: null }, put(['a']), ifNone(HOUR_MS)],
    HOUR_MS,
  ],
  [
    'only where there is none: where a tombstone is',
    [put(['a']), { type: 'drop', tombstoneMs: DAY_MS }],
    [put(['a']), ifNone(HOUR_MS)],
    HOUR_MS,
  ],
  ['only where there is none: a pinned partition has none', [put(PIN, '')], [ifNone(HOUR_MS)], null],
  ['a sweep beside it changes nothing', [put(LIFE, String(DAY_MS))], [sweep, decided(HOUR_MS)], DAY_MS],
]

function decided(ttlMs: ExpireMutation['ttlMs']): ExpireMutation {
  return { type: 'expire', ttlMs, decidedBy: [PIN, LIFE] }
}

function ifNone(ttlMs: number): ExpireMutation {
  return { ...decided(ttlMs), ifNone: true }
}

async function ttlOf(subject: Subject): Promise<number | null> {
  return (await subject.info()).ttlMs
}

function assertTtl(ttlMs: number | null | undefined, set: number | null): void {
  if (set === null) same(ttlMs, null)
  else
    assert.ok(
      typeof ttlMs === 'number' && ttlMs <= set && ttlMs > set - 30_000,
      `${ttlMs} ms are left of ${set}`,
    )
}
