import { objectId } from '@cairnkit/core'
import { expect, test } from 'vitest'
import { type NewObject, missingObjects } from '../src/engine/objects/new-object.js'

function object(name: string, children: readonly NewObject[] = []): NewObject {
  const bytes = Buffer.from(name)
  return {
    id: objectId(bytes),
    refs: children.map(({ id }) => id),
    bytes: () => bytes,
    children,
    costBytes: 0,
  }
}

test('finds each object once, behind what it reaches', () => {
  const shared = object('shared')
  const tops = [object('left', [shared]), object('right', [object('only right', [shared])]), shared]
  const names = [...missingObjects(tops, () => false).values()].map((each) => String(each.bytes()))
  expect(names).toEqual(['shared', 'left', 'only right', 'right'])
})

test('does not look below what is known', () => {
  const known: NewObject = {
    ...object('known'),
    get children(): never {
      throw new Error('looked below')
    },
  }
  const top = object('top', [known, object('new')])
  const names = [...missingObjects([top], (id) => id === known.id).values()].map((each) =>
    String(each.bytes()),
  )
  expect(names).toEqual(['new', 'top'])
})
