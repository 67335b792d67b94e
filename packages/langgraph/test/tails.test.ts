import { type Clock, objectId } from '@cairnkit/core'
import { describe, expect, test } from 'vitest'
import type { ObjectNode } from '../src/engine/node.js'
import type { TailObject } from '../src/thread-tail.js'
import { ThreadTails } from '../src/thread-tails.js'

const clock: Clock = { now: () => 0, sleep: async () => {} }
const MIB = 1024 * 1024

function source(name: string, bytes: number): TailObject {
  const content = Buffer.from(name)
  const node: ObjectNode = { id: objectId(content), refs: [], bytes: () => content, below: [] }
  return { node, bytes }
}

function acknowledge(tails: ThreadTails, threadId: string, id: string, objects: readonly TailObject[]): void {
  const refs = objects.map(({ node }) => node.id)
  const startedAt = tails.step()
  tails.extend(threadId, 'e'.repeat(32), (tail) =>
    tail.acknowledge(
      [
        {
          namespace: '',
          checkpointId: id,
          checkpoint: { parentId: undefined },
          mutation: { type: 'put', key: ['c', '', id], bytes: Buffer.from(id), refs },
        },
      ],
      objects.map(({ node }) => node),
      (node) => objects.find((object) => object.node === node) as TailObject,
      { startedAt, acknowledgedAt: tails.step(), now: 0 },
    ),
  )
}

describe('what is kept to be stored again', () => {
  test('counts an object once, however many records reach it', () => {
    const tails = new ThreadTails(clock)
    const shared = source('shared', MIB)
    for (let at = 0; at < 100; at++) acknowledge(tails, 't', `c${at}`, [shared])
    expect(tails.recall('t')?.records).toHaveLength(100)
    expect(tails.bytes).toBeLessThan(1.1 * MIB)
  })

  test('is bounded for a thread: the oldest goes first, with what only it reached', () => {
    const tails = new ThreadTails(clock)
    const shared = source('shared', 1000)
    for (let at = 0; at < 20; at++) acknowledge(tails, 't', `c${at}`, [shared, source(`own ${at}`, MIB / 2)])
    const tail = tails.recall('t')
    expect(tail?.bytes).toBeLessThanOrEqual(4 * MIB)
    const records = tail?.records ?? []
    expect(records.map(({ checkpointId }) => checkpointId)).toEqual(
      Array.from({ length: 7 }, (_, at) => `c${at + 13}`),
    )
    const reached = tail?.reachedBy(records).map((node) => node.id)
    expect(reached).toHaveLength(1 + 7)
    expect(reached).toContain(shared.node.id)
    for (let at = 0; at < 3000; at++) {
      acknowledge(tails, 'small', `c${at}`, [])
      const kept = tails.recall('small')?.records.length
      expect(kept).toBeLessThanOrEqual(1024)
      expect(kept).toBeGreaterThan(Math.min(at, 1024 * 0.85))
    }
  })

  test('is bounded over all threads: the one that was idle longest goes first', () => {
    const tails = new ThreadTails(clock)
    for (let at = 0; at < 40; at++) acknowledge(tails, `t${at}`, 'c', [source(`of ${at}`, 2 * MIB)])
    expect(tails.bytes).toBeLessThanOrEqual(32 * MIB)
    expect(tails.recall('t0')).toBeUndefined()
    expect(tails.recall('t39')).toBeDefined()
    for (let at = 0; at < 3000; at++) acknowledge(tails, `small ${at}`, 'c', [])
    expect(tails.recall('t39')).toBeUndefined()
    for (let at = 0; at < 3000; at++) tails.forget(`small ${at}`)
    expect(tails.bytes).toBe(0)
  })

  test('knows which records nobody is known to have applied before another one', () => {
    const tails = new ThreadTails(clock)
    acknowledge(tails, 't', 'c1', [])
    acknowledge(tails, 't', 'c2', [])
    expect(tails.recall('t')?.newestKeys).toEqual([['c', '', 'c2']])
    const startedAt = tails.step()
    acknowledge(tails, 't', 'c3', [])
    // Sent before the one above was answered.
    tails.extend('t', 'e'.repeat(32), (tail) =>
      tail.acknowledge(
        [
          {
            namespace: '',
            checkpointId: 'c3',
            checkpoint: undefined,
            mutation: { type: 'insert', key: ['c', '', 'c3', 'w', 'task', '0'], bytes: Buffer.from('w') },
          },
        ],
        [],
        () => expect.unreachable('there is no object'),
        { startedAt, acknowledgedAt: tails.step(), now: 0 },
      ),
    )
    expect(tails.recall('t')?.newestKeys).toEqual([
      ['c', '', 'c3'],
      ['c', '', 'c3', 'w', 'task', '0'],
    ])
  })
})
