import assert from 'node:assert/strict'
import type { Check } from '@cairnkit/core/driver'
import { object, put } from './mutations.js'
import type { Subject } from './subject.js'
import type { DriverSuite } from './suite.js'

/** Every kind of check, on a partition that is there and on one that is not. */
export function checks(suite: DriverSuite): void {
  suite.section('checks', () => {
    const held = object('held')
    const other = object('other')
    const equals = (content: string, refs?: readonly string[]): Check => ({
      type: 'equals',
      key: ['a'],
      bytes: Buffer.from(content),
      ...(refs === undefined ? {} : { refs }),
    })

    const onSomething: Readonly<Record<string, readonly [Check, boolean]>> = {
      'present: a key that is there': [{ type: 'present', key: ['a'] }, true],
      'present: only keys below it': [{ type: 'present', key: ['c'] }, false],
      'present: only a key above it': [{ type: 'present', key: ['a', ''] }, false],
      'absent: a key that is there': [{ type: 'absent', key: ['a'] }, false],
      'absent: only keys below it': [{ type: 'absent', key: ['c'] }, true],
      'equals: bytes and references': [equals('value', [held.id, other.id]), true],
      'equals: other bytes': [equals('Value', [held.id, other.id]), false],
      'equals: fewer bytes': [equals('valu', [held.id, other.id]), false],
      'equals: more bytes': [equals('value\0', [held.id, other.id]), false],
      'equals: no references': [equals('value'), false],
      'equals: fewer references': [equals('value', [held.id]), false],
      'equals: references in another order': [equals('value', [other.id, held.id]), false],
      'equals: more references': [equals('value', [held.id, other.id, other.id]), false],
      'equals: a key that is not there': [{ type: 'equals', key: ['x'], bytes: new Uint8Array(0) }, false],
      'equals: an empty value': [{ type: 'equals', key: ['c', '9'], bytes: new Uint8Array(0) }, true],
      'epoch: none': [{ type: 'epoch', epoch: null }, false],
      'epoch: another': [{ type: 'epoch', epoch: '0'.repeat(32) }, false],
      'epoch: no epoch at all': [{ type: 'epoch', epoch: '' }, false],
      'objects: none': [{ type: 'objects', ids: [] }, true],
      'objects: all are there': [{ type: 'objects', ids: [held.id, other.id, held.id] }, true],
      'objects: one is missing': [{ type: 'objects', ids: [held.id, '0'.repeat(32), other.id] }, false],
      'objects: none of them is there': [{ type: 'objects', ids: ['f'.repeat(32)] }, false],
      'last: the last key of all': [{ type: 'last', prefix: [], key: ['c', '9'] }, true],
      'last: not the last key': [{ type: 'last', prefix: [], key: ['c', '2', 'w', 'b'] }, false],
      'last: the last group, cut to its length': [{ type: 'last', prefix: [], key: ['c'] }, true],
      'last: not the last group': [{ type: 'last', prefix: [], key: ['a'] }, false],
      'last: below a prefix': [{ type: 'last', prefix: ['c', '2'], key: ['c', '2', 'w', 'b'] }, true],
      'last: below a prefix, cut': [{ type: 'last', prefix: ['c', '2'], key: ['c', '2', 'w'] }, true],
      'last: below a prefix, cut to the prefix': [
        { type: 'last', prefix: ['c', '2'], key: ['c', '2'] },
        true,
      ],
      'last: below a prefix, cut above it': [{ type: 'last', prefix: ['c', '2'], key: ['c'] }, true],
      'last: longer than the last key': [{ type: 'last', prefix: [], key: ['c', '9', ''] }, false],
      'last: the start of an element is none': [{ type: 'last', prefix: ['c', '2'], key: ['c', ''] }, false],
      'last: the key that is the prefix': [{ type: 'last', prefix: ['b'], key: ['b'] }, true],
      'last: of nothing': [{ type: 'last', prefix: ['x'], key: ['x'] }, false],
      'last: null below what is not there': [{ type: 'last', prefix: ['x'], key: null }, true],
      'last: null below the start of an element': [{ type: 'last', prefix: ['c', ''], key: null }, true],
      'last: null below a prefix with keys': [{ type: 'last', prefix: ['c'], key: null }, false],
      'last: null below a key without members': [{ type: 'last', prefix: ['b'], key: null }, false],
      'head: the last group with a record of its own': [
        { type: 'head', prefix: ['c'], elements: ['9'] },
        true,
      ],
      'head: one of several': [{ type: 'head', prefix: ['c'], elements: [null, '2', '9', 'x'] }, true],
      'head: a group before the last': [{ type: 'head', prefix: [], elements: ['a'] }, false],
      'head: groups without a record of their own do not count': [
        { type: 'head', prefix: [], elements: ['b'] },
        true,
      ],
      'head: a group without a record of its own': [{ type: 'head', prefix: [], elements: ['c'] }, false],
      'head: the start of an element': [{ type: 'head', prefix: ['c'], elements: [''] }, false],
      'head: null below what is not there': [{ type: 'head', prefix: ['x'], elements: [null] }, true],
      'head: null where no group has a record of its own': [
        { type: 'head', prefix: ['c', '2', 'w'], elements: [null] },
        false,
      ],
      'head: null below groups of writes alone': [
        { type: 'head', prefix: ['c', '2'], elements: [null] },
        true,
      ],
      'head: null below the record that is the prefix': [
        { type: 'head', prefix: ['b'], elements: [null] },
        true,
      ],
      'head: null where there is one': [{ type: 'head', prefix: ['c'], elements: [null] }, false],
      'head: none of no elements': [{ type: 'head', prefix: ['c'], elements: [] }, false],
      'head: an element with bytes that are structure': [
        { type: 'head', prefix: ['a2'], elements: ['\0\u0001\u0002'] },
        true,
      ],
      'undropped: on what is there': [{ type: 'undropped' }, true],
      'last: null on everything': [{ type: 'last', prefix: [], key: null }, false],
    }
    for (const [name, [check, expected]] of Object.entries(onSomething)) {
      suite.test(`${name}: ${expected ? 'holds' : 'fails'}`, async () => {
        const subject = await filled(suite)
        assert.equal(await subject.holds(check), expected)
      })
    }

    const onNothing: Readonly<Record<string, readonly [Check, boolean]>> = {
      present: [{ type: 'present', key: ['a'] }, false],
      absent: [{ type: 'absent', key: ['a'] }, true],
      equals: [equals(''), false],
      'epoch: none': [{ type: 'epoch', epoch: null }, true],
      'epoch: some': [{ type: 'epoch', epoch: '0'.repeat(32) }, false],
      'last: null': [{ type: 'last', prefix: [], key: null }, true],
      'last: some': [{ type: 'last', prefix: [], key: ['a'] }, false],
      'head: null': [{ type: 'head', prefix: [], elements: [null] }, true],
      'head: some': [{ type: 'head', prefix: [], elements: ['a'] }, false],
      undropped: [{ type: 'undropped' }, true],
    }
    for (const [name, [check, expected]] of Object.entries(onNothing)) {
      suite.test(`without a partition, ${name}: ${expected ? 'holds' : 'fails'}`, async () => {
        assert.equal(await suite.fresh().holds(check), expected)
      })
    }

    suite.test('epoch: the current one holds, the one of a former life fails', async () => {
      const subject = await filled(suite)
      const epoch = await subject.epoch()
      assert.equal(await subject.holds({ type: 'epoch', epoch }), true)
      await subject.driver.drop(subject.id)
      assert.equal(await subject.holds({ type: 'epoch', epoch }), false)
      await subject.write(put(['a']))
      assert.equal(await subject.holds({ type: 'epoch', epoch }), false)
    })

    suite.test('last: objects are not among the keys', async () => {
      const subject = suite.fresh()
      await subject.write(held)
      assert.equal(await subject.holds({ type: 'last', prefix: [], key: null }), true)
      await subject.write(put(['a']))
      assert.equal(await subject.holds({ type: 'last', prefix: [], key: ['a'] }), true)
    })

    suite.test('pass together in one batch', async () => {
      const subject = await filled(suite)
      const passing = Object.values(onSomething).filter(([, expected]) => expected)
      assert.equal(await subject.holds(...passing.map(([check]) => check)), true)
    })

    async function filled(of: DriverSuite): Promise<Subject> {
      const subject = of.fresh()
      await subject.write(
        put(['a'], 'value', [held.id, other.id]),
        put(['b']),
        put(['c', '2', 'w', 'a']),
        put(['c', '2', 'w', 'b']),
        put(['c', '9'], ''),
        put(['a2', '\0\u0001\u0002']),
        held,
        other,
      )
      return subject
    }
  })
}
