import { expect, test } from 'vitest'
import type { ValueRef } from '../src/engine/fragments/value-ref.js'
import { KnownThreads } from '../src/knowledge/known-threads.js'

const EPOCH = 'e'.repeat(32)

function ids(thread: number, count: number): string[] {
  return Array.from({ length: count }, (_, at) => (thread * 100_000 + at).toString(16).padStart(32, '0'))
}

function valueRef(bytes: Uint8Array): ValueRef {
  return { kind: 'inline', fragment: { type: 'v', bytes, refs: [] } }
}

test('what is known of threads is bounded over all of them: the one that was idle longest is forgotten first', () => {
  const knownThreads = new KnownThreads(200_000)
  for (let thread = 0; thread < 200; thread++) {
    knownThreads.learn(`t${thread}`, EPOCH, ids(thread, 100))
    expect(knownThreads.costBytes).toBeLessThanOrEqual(200_000)
  }
  const known = Array.from({ length: 200 }, (_, thread) => knownThreads.get(`t${thread}`) !== undefined)
  const first = known.indexOf(true)
  expect(first).toBeGreaterThan(0)
  expect(known.slice(first)).not.toContain(false)
  expect(knownThreads.costBytes).toBeGreaterThan(150_000)
  // To be used is to be new.
  knownThreads.learn(`t${first}`, EPOCH, [])
  for (let thread = 200; thread < 204; thread++) knownThreads.learn(`t${thread}`, EPOCH, ids(thread, 100))
  expect(knownThreads.get(`t${first}`)).toBeDefined()
  expect(knownThreads.get(`t${first + 1}`)).toBeUndefined()
  // What was forgotten counts no longer, whether it was forgotten by name, for its age or for its epoch.
  knownThreads.learn('t203', 'f'.repeat(32), [])
  for (let thread = 0; thread < 204; thread++) knownThreads.forget(`t${thread}`)
  expect(knownThreads.costBytes).toBe(0)
})

test('of a thread that is idle what its next put is put on is known longest', () => {
  const knownThreads = new KnownThreads(200_000)
  const known = knownThreads.learn('t', EPOCH, ids(0, 300))
  for (let at = 0; at < 8; at++) {
    known.addCheckpoint('', `c${at}`, { manifest: new Map(), versions: new Map([['topic', at]]) })
  }
  knownThreads.weigh('t', known)
  for (let thread = 1; thread < 20; thread++) knownThreads.learn(`t${thread}`, EPOCH, ids(thread, 100))
  const idle = knownThreads.get('t')
  expect(idle?.checkpoint('', 'c7')).toBeDefined()
  expect(idle?.checkpoint('', 'c1')).toBeUndefined()
  // What leads to others comes last.
  expect(idle?.holds(ids(0, 300).at(-1) as string)).toBe(true)
  expect(idle?.holds(ids(0, 300)[0] as string)).toBe(false)
})

test('of checkpoints that are large the oldest are forgotten, and objects are not forgotten for them', () => {
  const knownThreads = new KnownThreads(400_000)
  const known = knownThreads.learn('t', EPOCH, ids(0, 500))
  const addCheckpoint = (at: number): void => {
    const manifest = new Map([['topic', valueRef(Buffer.alloc(10_000))]])
    known.addCheckpoint('', `c${at}`, { manifest, versions: new Map([['topic', at]]) })
    knownThreads.weigh('t', known)
  }
  for (let at = 0; at < 30; at++) {
    addCheckpoint(at)
    expect(knownThreads.get('t')).toBe(known)
    expect(knownThreads.costBytes).toBeLessThanOrEqual(200_000)
    expect(known.holds(ids(0, 500)[0] as string)).toBe(true)
    // The one that a put is put on, and its own.
    for (const newest of [at - 1, at].filter((each) => each >= 0))
      expect(known.checkpoint('', `c${newest}`)).toBeDefined()
  }
  expect(known.checkpoint('', 'c20')).toBeUndefined()
  expect(known.checkpoint('', 'c26')).toBeDefined()
})

test('of a thread whose objects were forgotten for the sake of others it is known what stands at the top', () => {
  const knownThreads = new KnownThreads(200_000)
  const known = knownThreads.learn('t', EPOCH, ids(0, 300))
  const tops = ids(0, 300).slice(0, 60)
  known.seeTops('', new Set(tops))
  knownThreads.weigh('t', known)
  for (let thread = 1; thread < 20; thread++) knownThreads.learn(`t${thread}`, EPOCH, ids(thread, 100))
  const idle = knownThreads.get('t')
  expect(tops.filter((id) => idle?.holds(id) !== true)).toEqual([])
  expect(idle?.holds(ids(0, 300)[100] as string)).toBe(false)
})

test('checkpoints and their inline values count', () => {
  const knownThreads = new KnownThreads(1_000_000)
  const known = knownThreads.learn('t', EPOCH, [])
  const before = knownThreads.costBytes
  const manifest = new Map([['topic', valueRef(Buffer.alloc(10_000))]])
  known.addCheckpoint('', 'c1', { manifest, versions: new Map([['topic', 1]]) })
  knownThreads.weigh('t', known)
  expect(knownThreads.costBytes - before).toBeGreaterThan(10_000)
  // What somebody else has learned meanwhile stays.
  const other = knownThreads.learn('t', 'f'.repeat(32), [])
  knownThreads.weigh('t', known)
  expect(knownThreads.get('t')).toBe(other)
})

test('objects are forgotten one by one, and what is asked for last', () => {
  const knownThreads = new KnownThreads(400_000)
  const [asked = '', ...others] = ids(0, 2000)
  const known = knownThreads.learn('t', EPOCH, [asked])
  for (const id of others) {
    knownThreads.learn('t', EPOCH, [id])
    expect(known.holds(asked)).toBe(true)
  }
  const left = others.filter((id) => known.holds(id)).length
  expect(left).toBeGreaterThan(500)
  expect(left).toBeLessThan(1500)
})

test('of a checkpoint its own bytes are remembered, not what they were cut out of', () => {
  const arrived = Buffer.from('much more than is wanted')
  const known = new KnownThreads(1_000_000).learn('t', EPOCH, [])
  const manifest = new Map([['topic', valueRef(arrived.subarray(5, 9))]])
  known.addCheckpoint('', 'c1', { manifest, versions: new Map([['topic', 1]]) })
  const kept = known.checkpoint('', 'c1')?.manifest.get('topic')
  if (kept?.kind !== 'inline') throw new Error('the value was not remembered as it was')
  expect(Buffer.from(kept.fragment.bytes).toString()).toBe('more')
  expect(kept.fragment.bytes.buffer.byteLength).toBe(4)
  expect(kept.fragment.type).toBe('v')
})
