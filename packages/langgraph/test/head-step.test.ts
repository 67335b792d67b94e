import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type HeadClaim, type HeadPut, headStep } from '../src/commit/head-step.js'
import { NO_HEAD, type SeenHead, headAt } from '../src/knowledge/seen-head.js'
import { moveAfter } from '../src/records/head-move.js'
import { seed } from './support/seed.js'

const move = moveAfter(undefined, 'c3')
/** The head is c3, which was put on c5 by a machine whose clock is behind. */
const moved: SeenHead = { headId: 'c3', largestId: 'c5', move }

function put(id: string, parentId: string | undefined, claim: HeadClaim = 'none'): HeadPut {
  return { threadId: 't', namespace: '', id, parentId, claim, isMadeOfParent: false, partition: 'thread:t' }
}

/** The checks of a step, each as what it must find: of the newest, or of the last move of a checkpoint's group. */
function described(step: ReturnType<typeof headStep>): unknown {
  if (step === 'look') return step
  const checks = step.checks.map((check) => {
    if (check.type !== 'head') throw new Error(`an unexpected check: ${check.type}`)
    const found = check.elements.map((element) => element?.replace(/^0+/, '') ?? 'none').join(' ')
    return check.prefix.length === 2 ? `newest: ${found}` : `move of ${check.prefix[2] ?? ''}: ${found}`
  })
  return [checks, step.moves.length, step.after?.headId, step.after?.largestId]
}

describe('what a put does for the head of its namespace', () => {
  test.each<readonly [string, HeadPut, SeenHead | undefined, unknown]>([
    ['the first one', put('c1', undefined), NO_HEAD, [[], 0, 'c1', 'c1']],
    ['on the head, larger', put('c6', 'c5'), headAt('c5'), [[], 0, 'c6', 'c6']],
    [
      'on the head, smaller',
      put('c4', 'c5'),
      headAt('c5'),
      [['newest: c5', 'move of c5: none 1:c4'], 1, 'c4', 'c5'],
    ],
    ['on a moved head, larger', put('c6', 'c3'), moved, [[], 0, 'c6', 'c6']],
    [
      'on a moved head, smaller',
      put('c4', 'c3'),
      moved,
      [['newest: c5', 'move of c5: 1:c3 2:c4'], 1, 'c4', 'c5'],
    ],
    ['a fork, larger', put('c6', 'c1'), headAt('c5'), [[], 0, 'c6', 'c6']],
    ['a fork, smaller', put('c4', 'c1'), headAt('c5'), 'look'],
    ['a copy of the first one, larger', put('c6', undefined), headAt('c5'), [[], 0, 'c6', 'c6']],
    ['nothing seen, larger than its parent', put('c6', 'c5'), undefined, [['newest: c5 c6'], 0, 'c6', 'c6']],
    ['nothing seen, smaller', put('c4', 'c5'), undefined, 'look'],
    ['nothing seen, no parent', put('c4', undefined), undefined, [[], 0, undefined, undefined]],
    ['a fork, nothing seen, no parent', put('c4', undefined, 'fork'), undefined, 'look'],
    ['a fork, no parent, smaller', put('c4', undefined, 'fork'), headAt('c5'), 'look'],
    ['a fork, no parent, larger', put('c6', undefined, 'fork'), headAt('c5'), [[], 0, 'c6', 'c6']],

    ['claimed: the first one', put('c1', undefined, 'head'), NO_HEAD, [['newest: none c1'], 0, 'c1', 'c1']],
    [
      'claimed: on the head, larger',
      put('c6', 'c5', 'head'),
      headAt('c5'),
      [['newest: c5 c6', 'move of c5: none'], 0, 'c6', 'c6'],
    ],
    [
      'claimed: on the head, smaller',
      put('c4', 'c5', 'head'),
      headAt('c5'),
      [['newest: c5', 'move of c5: none 1:c4'], 1, 'c4', 'c5'],
    ],
    [
      'claimed: on a moved head, larger',
      put('c6', 'c3', 'head'),
      moved,
      [['newest: c5 c6', 'move of c5: 1:c3'], 0, 'c6', 'c6'],
    ],
    [
      'claimed: not on what was seen',
      put('c7', 'c6', 'head'),
      headAt('c5'),
      [['newest: c6 c7', 'move of c6: none'], 0, 'c7', 'c7'],
    ],
    [
      'claimed: nothing seen',
      put('c6', 'c5', 'head'),
      undefined,
      [['newest: c5 c6', 'move of c5: none'], 0, 'c6', 'c6'],
    ],
    ['claimed: nothing seen, smaller', put('c4', 'c5', 'head'), undefined, 'look'],
    ['claimed: no parent', put('c6', undefined, 'head'), undefined, [['newest: none c6'], 0, 'c6', 'c6']],
  ])('%s', (_, asked, seen, expected) => {
    expect(described(headStep(asked, seen, false))).toEqual(expected)
  })

  test('what was just looked at is not looked at again', () => {
    const ids = fc.constantFrom('c1', 'c2', 'c3', 'c4', 'c5', 'c6')
    const heads = fc.oneof(fc.constant(NO_HEAD), ids.map(headAt), fc.constant(moved))
    const property = fc.property(ids, fc.option(ids, { nil: undefined }), heads, (id, parentId, seen) => {
      const step = headStep(put(id, parentId), seen, true)
      if (step === 'look') return false
      const isLargest = seen.largestId === undefined || id >= seen.largestId
      const isOnHead = seen.headId === parentId
      return step.after?.headId === (isLargest || isOnHead ? id : seen.headId)
    })
    fc.assert(property, { seed })
  })
})
