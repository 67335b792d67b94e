import assert from 'node:assert/strict'
import type { GroupsRead, GroupsResult, NamesRead, Tuple } from '@cairnkit/core/driver'
import { object, put } from './mutations.js'
import { textsOf } from './plain.js'
import type { Subject } from './subject.js'
import type { DriverSuite } from './suite.js'
import { same } from './same.js'

/** Groups below `['c']`: 1 with two members, 2 without its own record, 3 alone, 4 deep below only, 5 with one. */
const keys: readonly Tuple[] = [
  ['b', '9'],
  ['c'],
  ['c', '1'],
  ['c', '1', 'w', 'a'],
  ['c', '1', 'w', 'b'],
  ['c', '2', 'w', 'a'],
  ['c', '3'],
  ['c', '4', 'w', 'x', 'deep'],
  ['c', '5'],
  ['c', '5', 'w', 'a'],
  ['cc', '1'],
  ['d', '0'],
]

/** `groups` and `names`. */
export function groups(suite: DriverSuite): void {
  suite.section('groups and names', () => {
    const cases: Readonly<Record<string, readonly [Omit<GroupsRead, 'type'>, readonly string[]]>> = {
      'those with their own record': [{ prefix: ['c'] }, ['1+2', '3+0', '5+1']],
      'orphans too, when asked': [{ prefix: ['c'], orphans: true }, ['1+2', '2?1', '3+0', '4?1', '5+1']],
      'the newest one': [{ prefix: ['c'], limit: 1, reverse: true }, ['5+1']],
      backwards: [{ prefix: ['c'], reverse: true }, ['5+1', '3+0', '1+2']],
      'a limit that orphans do not count against': [{ prefix: ['c'], limit: 2 }, ['1+2', '3+0']],
      'the same, backwards': [{ prefix: ['c'], limit: 2, reverse: true }, ['5+1', '3+0']],
      'a limit that orphans count against when asked for': [
        { prefix: ['c'], limit: 2, orphans: true },
        ['1+2', '2?1'],
      ],
      'a limit of nothing': [{ prefix: ['c'], limit: 0 }, []],
      'a limit beyond the end': [{ prefix: ['c'], limit: 100 }, ['1+2', '3+0', '5+1']],
      'from an element on, inclusive': [{ prefix: ['c'], from: '3' }, ['3+0', '5+1']],
      'until an element, exclusive': [{ prefix: ['c'], until: '3' }, ['1+2']],
      'between bounds': [{ prefix: ['c'], from: '1', until: '5' }, ['1+2', '3+0']],
      'bounds that are no elements': [{ prefix: ['c'], from: '0', until: '4a' }, ['1+2', '3+0']],
      'bounds the wrong way': [{ prefix: ['c'], from: '5', until: '1' }, []],
      'equal bounds': [{ prefix: ['c'], from: '3', until: '3' }, []],
      'the one before, by an exclusive bound': [
        { prefix: ['c'], until: '5', limit: 1, reverse: true },
        ['3+0'],
      ],
      'exactly one element': [{ prefix: ['c'], from: '1', until: '1\0' }, ['1+2']],
      'groups of the first element': [{ prefix: [], orphans: true }, ['b?1', 'c+8', 'cc?1', 'd?1']],
      'groups of the first element that have a record': [{ prefix: [] }, ['c+8']],
      'groups at a deeper level': [{ prefix: ['c', '1', 'w'] }, ['a+0', 'b+0']],
      'nothing below a leaf': [{ prefix: ['c', '3'] }, []],
      'nothing below what is not there': [{ prefix: ['x'] }, []],
    }
    for (const [name, [read, expected]] of Object.entries(cases)) {
      suite.test(`groups gives ${name}`, async () => {
        const subject = await filled(suite)
        const [found] = await subject.read({ type: 'groups', ...read })
        same(shapesOf(found), expected)
      })
    }

    suite.test('groups gives whole groups, members in key order, whatever the order of groups', async () => {
      const subject = await filled(suite)
      const results = await subject.read(
        { type: 'groups', prefix: ['c'], from: '1', limit: 1 },
        { type: 'groups', prefix: ['c'], until: '2', limit: 1, reverse: true },
      )
      for (const { groups: found } of results) {
        const [group] = found
        same(group?.record?.key, ['c', '1'])
        same(
          group?.members.map(({ key }) => key.join('/')),
          ['c/1/w/a', 'c/1/w/b'],
        )
        assert.equal(Buffer.from(group?.members[1]?.bytes ?? []).toString(), 'c/1/w/b')
      }
    })

    suite.test('groups follows the references of records and of members', async () => {
      const subject = suite.fresh()
      const [own, member, other] = [object('own'), object('member'), object('other')]
      await subject.write(own, member, other)
      await subject.write(
        put(['c', '1'], 'v', [other.id]),
        put(['c', '2'], 'v', [own.id]),
        put(['c', '2', 'w'], 'v', [member.id]),
      )
      const [followed, unfollowed] = await subject.read(
        { type: 'groups', prefix: ['c'], limit: 1, reverse: true, follow: 'all' },
        { type: 'groups', prefix: ['c'] },
      )
      same(textsOf(followed.objects), ['member', 'own'])
      assert.equal(unfollowed.objects.size, 0)
    })

    suite.test('groups skips any number of orphans', async () => {
      const subject = suite.fresh()
      const orphans = Array.from({ length: 300 }, (_, at) =>
        put(['c', `b${String(at).padStart(3, '0')}`, 'w']),
      )
      await subject.write(put(['c', 'a']), ...orphans, put(['c', 'z']))
      const [up, down] = await subject.read(
        { type: 'groups', prefix: ['c'], limit: 2 },
        { type: 'groups', prefix: ['c'], limit: 2, reverse: true },
      )
      same(
        [shapesOf(up), shapesOf(down)],
        [
          ['a+0', 'z+0'],
          ['z+0', 'a+0'],
        ],
      )
    })

    suite.test('groups takes a group of many members', async () => {
      const subject = suite.fresh()
      const members = Array.from({ length: 700 }, (_, at) => put(['c', '1', String(at).padStart(4, '0')]))
      await subject.write(put(['c', '0']), put(['c', '1']), ...members)
      const [found] = await subject.read({ type: 'groups', prefix: ['c'], limit: 1, reverse: true })
      same(shapesOf(found), ['1+700'])
    })

    suite.test('groups tells elements apart that begin alike', async () => {
      const subject = suite.fresh()
      const elements = ['', '\0', '\u0001', '1', '1\0', '1\u0001', '1\u0002', '11']
      await subject.write(...elements.flatMap((element) => [put(['c', element]), put(['c', element, 'w'])]))
      const [found] = await subject.read({ type: 'groups', prefix: ['c'] })
      same(
        found.groups.map(({ element, members }) => [element, members.length]),
        elements.map((element) => [element, 1]),
      )
    })

    const names: Readonly<Record<string, readonly [Omit<NamesRead, 'type'>, readonly string[]]>> = {
      'each element once, with and without a record of its own': [
        { prefix: ['c'] },
        ['1', '2', '3', '4', '5'],
      ],
      'the first elements': [{ prefix: [] }, ['b', 'c', 'cc', 'd']],
      backwards: [{ prefix: ['c'], reverse: true }, ['5', '4', '3', '2', '1']],
      'a limit': [{ prefix: ['c'], limit: 2 }, ['1', '2']],
      'a limit, backwards': [{ prefix: ['c'], limit: 2, reverse: true }, ['5', '4']],
      'a limit of nothing': [{ prefix: ['c'], limit: 0 }, []],
      'between bounds': [{ prefix: ['c'], from: '2', until: '4' }, ['2', '3']],
      'between bounds, backwards': [{ prefix: ['c'], from: '2', until: '4', reverse: true }, ['3', '2']],
      'bounds the wrong way': [{ prefix: ['c'], from: '4', until: '2' }, []],
      'nothing below a leaf': [{ prefix: ['c', '3'] }, []],
      'a deeper level': [{ prefix: ['c', '1', 'w'] }, ['a', 'b']],
    }
    for (const [name, [read, expected]] of Object.entries(names)) {
      suite.test(`names gives ${name}`, async () => {
        const subject = await filled(suite)
        const [found] = await subject.read({ type: 'names', ...read })
        same([...found.names], expected)
      })
    }
  })
}

async function filled(suite: DriverSuite): Promise<Subject> {
  const subject = suite.fresh()
  await subject.write(...keys.map((key) => put(key, key.join('/'))))
  return subject
}

/** Element, `+` or `?` for with or without its own record, number of members. */
function shapesOf(result: GroupsResult): string[] {
  return result.groups.map(
    ({ element, record, members }) => `${element}${record === undefined ? '?' : '+'}${members.length}`,
  )
}
