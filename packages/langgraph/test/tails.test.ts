import { type Clock, objectId } from '@cairnkit/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type NewObject, newObjectOf } from '../src/engine/objects/new-object.js'
import { ObjectCache } from '../src/engine/objects/object-cache.js'
import { Healer } from '../src/healing/healer.js'
import { OVERHEAD_BYTES } from '../src/healing/tail-objects.js'
import { THREAD_BYTES, ThreadTail } from '../src/healing/thread-tail.js'
import { ThreadTails } from '../src/healing/thread-tails.js'
import { seed } from './support/seed.js'

const clock: Clock = { now: () => 0, sleep: async () => {} }
let steps = 0
const MIB = 1024 * 1024

function source(name: string, costBytes: number): NewObject {
  const content = Buffer.from(name)
  return { id: objectId(content), refs: [], bytes: () => content, children: [], costBytes }
}

function acknowledge(tails: ThreadTails, threadId: string, id: string, objects: readonly NewObject[]): void {
  const refs = objects.map(({ id }) => id)
  const startedAt = ++steps
  tails.extend(threadId, 'e'.repeat(32), (tail) =>
    tail.acknowledge(
      [
        {
          parentId: undefined,
          mutation: { type: 'put', key: ['c', '', id], bytes: Buffer.from(id), refs },
        },
      ],
      objects,
      (object) => object,
      { startedAt, acknowledgedAt: ++steps, now: 0 },
    ),
  )
}

const OBJECT_BYTES = 350_000

/** Objects of which each refers to some of those before it. */
const objects = fc
  .array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: 24 })
  .map((referred) => {
    const made: NewObject[] = []
    for (const [at, numbers] of referred.entries()) {
      const children = at === 0 ? [] : numbers.map((number) => made[number % at] as NewObject)
      const content = Buffer.from(String(at))
      const refs = children.map(({ id }) => id)
      made.push({
        id: objectId(content, refs),
        refs,
        bytes: () => content,
        children,
        costBytes: OBJECT_BYTES,
      })
    }
    return made
  })

const step = fc.record({
  name: fc.nat({ max: 12 }),
  type: fc.constantFrom('put' as const, 'insert' as const),
  refs: fc.array(fc.nat(), { maxLength: 3 }),
})

/** Those that are reached, found by going over all. */
function reached(tops: readonly NewObject[]): Set<NewObject> {
  const found = new Set(tops)
  for (const { children } of found) for (const each of children) found.add(each)
  return found
}

describe('what is kept to be stored again', () => {
  test('is what its records reach, whatever was replaced and forgotten', () => {
    const property = fc.property(objects, fc.array(step, { maxLength: 40 }), (made, steps) => {
      const tail = new ThreadTail('e'.repeat(32), 4 * MIB)
      for (const [at, { name, type, refs }] of steps.entries()) {
        const tops = refs.map((number) => made[number % made.length] as NewObject)
        const key = ['c', '', String(name)]
        const mutation = { type, key, bytes: Buffer.alloc(at), refs: tops.map(({ id }) => id) }
        tail.acknowledge([{ parentId: undefined, mutation }], tops, (object) => object, {
          startedAt: at,
          acknowledgedAt: at,
          now: 0,
        })
        const byId = new Map(made.map((object) => [object.id, object]))
        const expected = reached(
          tail.records.flatMap(({ mutation: { refs: own = [] } }) =>
            own.map((id) => byId.get(id) as NewObject),
          ),
        )
        expect(new Set(tail.reachedBy(tail.records))).toEqual(expected)
        const ofRecords = tail.records.reduce((sum, { bytes }) => sum + bytes, THREAD_BYTES)
        expect(tail.bytes).toBe(ofRecords + expected.size * (OBJECT_BYTES + OVERHEAD_BYTES))
        expect(tail.bytes).toBeLessThanOrEqual(4 * MIB)
      }
    })
    fc.assert(property, { seed, numRuns: 300 })
  })

  test('counts an object once, however many records reach it', () => {
    const tails = new ThreadTails(32 * MIB)
    const shared = source('shared', MIB)
    for (let at = 0; at < 100; at++) acknowledge(tails, 't', `c${at}`, [shared])
    expect(tails.get('t')?.records).toHaveLength(100)
    expect(tails.bytes).toBeLessThan(1.1 * MIB)
  })

  test('is bounded for a thread: the oldest goes first, with what only it reached', () => {
    const tails = new ThreadTails(32 * MIB)
    const shared = source('shared', 1000)
    for (let at = 0; at < 20; at++) acknowledge(tails, 't', `c${at}`, [shared, source(`own ${at}`, MIB / 2)])
    const tail = tails.get('t')
    expect(tail?.bytes).toBeLessThanOrEqual(4 * MIB)
    const records = tail?.records ?? []
    expect(records.map(({ checkpointId }) => checkpointId)).toEqual(
      Array.from({ length: 7 }, (_, at) => `c${at + 13}`),
    )
    const reached = tail?.reachedBy(records).map((object) => object.id)
    expect(reached).toHaveLength(1 + 7)
    expect(reached).toContain(shared.id)
  })

  test('is bounded over all threads: the one that was idle longest goes first', () => {
    const tails = new ThreadTails(32 * MIB)
    for (let at = 0; at < 40; at++) acknowledge(tails, `t${at}`, 'c', [source(`of ${at}`, 2 * MIB)])
    expect(tails.bytes).toBeLessThanOrEqual(32 * MIB)
    expect(tails.get('t0')).toBeUndefined()
    expect(tails.get('t39')).toBeDefined()
    for (let at = 0; at < 20_000; at++) acknowledge(tails, `small ${at}`, 'c', [])
    expect(tails.bytes).toBeLessThanOrEqual(32 * MIB)
    expect(tails.get('t39')).toBeUndefined()
    for (let at = 0; at < 20_000; at++) tails.forget(`small ${at}`)
    expect(tails.bytes).toBe(0)
  })

  test('knows which records nobody is known to have applied before another one', () => {
    const tails = new ThreadTails(32 * MIB)
    acknowledge(tails, 't', 'c1', [])
    acknowledge(tails, 't', 'c2', [])
    expect(tails.get('t')?.newestKeys).toEqual([['c', '', 'c2']])
    const startedAt = ++steps
    acknowledge(tails, 't', 'c3', [])
    // Sent before the one above was answered.
    tails.extend('t', 'e'.repeat(32), (tail) =>
      tail.acknowledge(
        [
          {
            parentId: undefined,
            mutation: { type: 'insert', key: ['c', '', 'c3', 'w', 'task', '0'], bytes: Buffer.from('w') },
          },
        ],
        [],
        () => expect.unreachable('there is no object'),
        { startedAt, acknowledgedAt: ++steps, now: 0 },
      ),
    )
    expect(tails.get('t')?.newestKeys).toEqual([
      ['c', '', 'c3'],
      ['c', '', 'c3', 'w', 'task', '0'],
    ])
  })

  test('holds no more than its own bytes: not the pools that they were made in', () => {
    const healer = new Healer('tail', {
      clock,
      cache: new ObjectCache(0),
      observer: undefined,
      maxBytes: MIB,
    })
    const object = newObjectOf({ type: 'message', bytes: Buffer.from('a message'), refs: [] })
    const mutation = {
      type: 'put' as const,
      key: ['c', '', 'c1'],
      bytes: Buffer.from('c1'),
      refs: [object.id],
    }
    const stored = { children: [object], carried: { objects: [], ids: [] }, records: [mutation] }
    const sent = { type: 'object' as const, id: object.id, refs: object.refs, bytes: object.bytes() }
    expect(mutation.bytes.buffer.byteLength).toBeGreaterThan(mutation.bytes.length)
    expect(sent.bytes.buffer.byteLength).toBeGreaterThan(sent.bytes.length)
    healer.after({
      write: {
        threadId: 't',
        namespace: '',
        checkpointId: 'c1',
        head: undefined,
        lifetime: undefined,
        relying: stored,
        whole: () => stored,
      },
      stored,
      moves: [],
      sent: new Map([[object.id, sent]]),
      restoration: undefined,
      epoch: 'e'.repeat(32),
      ttlMs: undefined,
      started: healer.before(),
    })
    const tail = healer.tailOf('t')
    const records = tail?.records ?? []
    const kept = [
      ...records.map((record) => record.mutation.bytes),
      ...(tail?.reachedBy(records) ?? []).map((object) => object.bytes()),
    ]
    expect(kept.map((bytes) => Buffer.from(bytes))).toEqual([mutation.bytes, sent.bytes])
    for (const bytes of kept) expect(bytes.buffer.byteLength).toBe(bytes.length)
  })
})
