import { objectId } from '@cairnkit/core'
import { expect, test } from 'vitest'
import { type ObjectNode, unknownOf } from '../src/engine/node.js'

function node(name: string, below: readonly ObjectNode[] = []): ObjectNode {
  const bytes = Buffer.from(name)
  return { id: objectId(bytes), refs: below.map(({ id }) => id), bytes: () => bytes, below, costBytes: 0 }
}

test('finds each node once, behind what it reaches', () => {
  const shared = node('shared')
  const tops = [node('left', [shared]), node('right', [node('only right', [shared])]), shared]
  const names = [...unknownOf(tops, () => false).values()].map((each) => String(each.bytes()))
  expect(names).toEqual(['shared', 'left', 'only right', 'right'])
})

test('does not look below what is known', () => {
  const known: ObjectNode = {
    ...node('known'),
    get below(): never {
      throw new Error('looked below')
    },
  }
  const top = node('top', [known, node('new')])
  const names = [...unknownOf([top], (id) => id === known.id).values()].map((each) => String(each.bytes()))
  expect(names).toEqual(['new', 'top'])
})
