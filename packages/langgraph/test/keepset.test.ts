import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type KeepRule, droppedFrom } from '../src/retention/keepset.js'
import type { CheckpointOutline, NamespaceOutline, ThreadOutline } from '../src/retention/outline.js'

const keepLast =
  (count: number): KeepRule =>
  (_, { rank }) =>
    rank < count

function checkpoint(id: string, more: Partial<CheckpointOutline> = {}): CheckpointOutline {
  return {
    id,
    parentId: undefined,
    timeMs: Number(id.slice(1)),
    writes: 0,
    rootId: undefined,
    runId: undefined,
    unfinished: [],
    channels: new Set(),
    needsParent: false,
    ...more,
  }
}

function namespaceOf(
  namespace: string,
  checkpoints: readonly CheckpointOutline[],
  more: Partial<NamespaceOutline> = {},
): NamespaceOutline {
  const largestId = checkpoints.at(-1)?.id ?? ''
  return { namespace, headId: largestId, largestId, move: undefined, checkpoints, orphans: [], ...more }
}

/** What stays, by namespace. */
function kept(outline: ThreadOutline, rule: KeepRule): Record<string, string[]> {
  const dropped = droppedFrom(outline, rule)
  return Object.fromEntries(
    outline.namespaces.map(({ namespace, checkpoints }) => {
      const gone = new Set(dropped.find((each) => each.namespace === namespace)?.ids ?? [])
      return [namespace, checkpoints.map(({ id }) => id).filter((id) => !gone.has(id))]
    }),
  )
}

const line = ['c1', 'c2', 'c3', 'c4'].map((id, at) => checkpoint(id, at === 0 ? {} : { parentId: `c${at}` }))

describe('what stays of a thread', () => {
  it('is the newest of the root graph', () => {
    const outline = { namespaces: [namespaceOf('', line)] }
    expect(kept(outline, keepLast(1))).toEqual({ '': ['c4'] })
    expect(kept(outline, keepLast(3))).toEqual({ '': ['c2', 'c3', 'c4'] })
    expect(kept(outline, keepLast(9))).toEqual({ '': ['c1', 'c2', 'c3', 'c4'] })
    expect(droppedFrom(outline, keepLast(9))).toEqual([])
  })

  it('is the head, though nothing else is to stay, and the largest id that says so', () => {
    const moved = namespaceOf('', line, { headId: 'c2', move: '00000001:c2' })
    expect(kept({ namespaces: [moved] }, () => false)).toEqual({ '': ['c2', 'c4'] })
  })

  it('goes by time, and a clock that is behind makes nothing older than its parent', () => {
    const skewed = [
      checkpoint('c1', { timeMs: 100 }),
      checkpoint('c2', { timeMs: 5, parentId: 'c1' }),
      checkpoint('c3', { timeMs: 200 }),
    ]
    const young: KeepRule = (_, { timeMs }) => timeMs >= 50
    expect(kept({ namespaces: [namespaceOf('', skewed)] }, young)).toEqual({ '': ['c1', 'c2', 'c3'] })
  })

  it('of a task is what was made in a root checkpoint that stays', () => {
    const child = namespaceOf('child:1', [
      checkpoint('n1', { rootId: 'c1' }),
      checkpoint('n2', { rootId: 'c3' }),
      checkpoint('n3', { rootId: 'c4' }),
    ])
    const gone = namespaceOf('child:2', [checkpoint('m1', { rootId: 'c1' })])
    const outline = { namespaces: [namespaceOf('', line), child, gone] }
    expect(kept(outline, keepLast(1))).toEqual({ '': ['c4'], 'child:1': ['n3'], 'child:2': [] })
    expect(kept(outline, keepLast(2))).toEqual({ '': ['c3', 'c4'], 'child:1': ['n2', 'n3'], 'child:2': [] })
  })

  it('of a stateful subgraph is its head, and what was made in a root checkpoint that stays', () => {
    const child = namespaceOf('child', [
      checkpoint('n1', { rootId: 'c1' }),
      checkpoint('n2', { rootId: 'c1' }),
    ])
    expect(kept({ namespaces: [namespaceOf('', line), child] }, keepLast(1))).toEqual({
      '': ['c4'],
      child: ['n2'],
    })
  })

  it('of a namespace that names no root checkpoint is its head', () => {
    const child = namespaceOf('child:1', [checkpoint('n1'), checkpoint('n2')])
    expect(kept({ namespaces: [namespaceOf('', line), child] }, keepLast(1))).toEqual({
      '': ['c4'],
      'child:1': ['n2'],
    })
    expect(kept({ namespaces: [child] }, keepLast(1))).toEqual({ 'child:1': ['n2'] })
  })

  it('are the ancestors back to the value of each delta channel', () => {
    const delta = [
      checkpoint('c1', { channels: new Set(['a', 'b']) }),
      checkpoint('c2', { parentId: 'c1', channels: new Set(['b']) }),
      checkpoint('c3', { parentId: 'c2' }),
      checkpoint('c4', { parentId: 'c3', unfinished: ['b'] }),
    ]
    expect(kept({ namespaces: [namespaceOf('', delta)] }, keepLast(1))).toEqual({ '': ['c2', 'c3', 'c4'] })
    const both = delta.map((each) => (each.id === 'c4' ? { ...each, unfinished: ['a', 'b'] } : each))
    expect(kept({ namespaces: [namespaceOf('', both)] }, keepLast(1))).toEqual({
      '': ['c1', 'c2', 'c3', 'c4'],
    })
  })

  it('is the parent whose writes hold the sends', () => {
    const old = line.map((each) => ({ ...each, needsParent: true }))
    expect(kept({ namespaces: [namespaceOf('', old)] }, keepLast(1))).toEqual({ '': ['c3', 'c4'] })
  })

  it('are pending writes that came before their checkpoint, unless they are older than all that stays', () => {
    const outline = { namespaces: [namespaceOf('', line, { orphans: ['c0', 'c5'] })] }
    expect(droppedFrom(outline, keepLast(1))).toEqual([{ namespace: '', ids: ['c1', 'c2', 'c3', 'c0'] }])
  })

  it('does not depend on circles in what names its parent', () => {
    const circle = [
      checkpoint('c1', { parentId: 'c2', unfinished: ['a'] }),
      checkpoint('c2', { parentId: 'c1', unfinished: ['a'] }),
    ]
    expect(kept({ namespaces: [namespaceOf('', circle)] }, keepLast(1))).toEqual({ '': ['c1', 'c2'] })
  })

  it('is always enough for the head, and a second time nothing goes', () => {
    const ids = fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 })
    const property = fc.property(
      ids,
      fc.integer({ min: 1, max: 5 }),
      fc.integer(),
      fc.boolean(),
      (numbers, count, salt, isSkewed) => {
        const sorted = numbers.toSorted((left, right) => left - right)
        const checkpoints = sorted.map((number, at) => {
          const parent = at === 0 ? undefined : sorted[Math.abs(salt + number) % at]
          return checkpoint(`c${String(number).padStart(2, '0')}`, {
            parentId: parent === undefined ? undefined : `c${String(parent).padStart(2, '0')}`,
            timeMs: isSkewed ? Math.abs(salt % (number + 1)) : number,
            unfinished: number % 3 === 0 ? ['a'] : [],
            channels: number % 4 === 0 ? new Set(['a']) : new Set<string>(),
          })
        })
        const first = namespaceOf('', checkpoints)
        const staying = kept({ namespaces: [first] }, keepLast(count))[''] ?? []
        expect(staying).toContain(first.headId)
        const left = checkpoints.filter(({ id }) => staying.includes(id))
        // What stays is whole: each delta channel finds its value, or had none before.
        for (const each of left.filter(({ unfinished }) => unfinished.length > 0).slice(-1)) {
          expect(valueOf(each, left)).toBe(valueOf(each, checkpoints))
        }
        // A parent that has gone no longer says that its child is young.
        if (isSkewed) return
        expect(kept({ namespaces: [namespaceOf('', left)] }, keepLast(count))['']).toEqual(staying)
      },
    )
    const seed = Number(process.env['CAIRN_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
    fc.assert(property, { numRuns: 300, seed })
  })
})

/** Where the value of the delta channel comes from. */
function valueOf(from: CheckpointOutline, among: readonly CheckpointOutline[]): string | undefined {
  let next = among.find(({ id }) => id === from.parentId)
  while (next !== undefined && !next.channels.has('a')) {
    const { parentId } = next
    next = among.find(({ id }) => id === parentId)
  }
  return next?.id
}
