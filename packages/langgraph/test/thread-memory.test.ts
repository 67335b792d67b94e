import { expect, test } from 'vitest'
import type { Slot } from '../src/engine/placement.js'
import { ThreadMemory } from '../src/knowledge/thread-memory.js'

const EPOCH = 'e'.repeat(32)

function ids(thread: number, count: number): string[] {
  return Array.from({ length: count }, (_, at) => (thread * 100_000 + at).toString(16).padStart(32, '0'))
}

test('what is known of threads is bounded over all of them: the one that was idle longest is forgotten first', () => {
  const memory = new ThreadMemory()
  for (let thread = 0; thread < 40; thread++) memory.learn(`t${thread}`, EPOCH, ids(thread, 10_000))
  const known = Array.from({ length: 40 }, (_, thread) => memory.recall(`t${thread}`))
  expect(known.map((knowledge) => knowledge !== undefined)).toEqual(
    Array.from({ length: 40 }, (_, thread) => thread >= 40 - 26),
  )
  // To be used is to be new.
  memory.learn('t14', EPOCH, [])
  memory.learn('more', EPOCH, ids(99, 10_000))
  expect(memory.recall('t14')).toBeDefined()
  expect(memory.recall('t15')).toBeUndefined()
  // What was forgotten counts no longer, whether it was forgotten by name, for its age or for its epoch.
  for (let thread = 0; thread < 40; thread++) memory.forget(`t${thread}`)
  memory.learn('more', 'f'.repeat(32), [])
  for (let thread = 0; thread < 26; thread++) memory.learn(`t${thread}`, EPOCH, ids(thread, 10_000))
  expect(memory.recall('t0')).toBeDefined()
})

test('no more than a thousand threads are known, however small', () => {
  const memory = new ThreadMemory()
  for (let thread = 0; thread < 1100; thread++) memory.learn(`t${thread}`, EPOCH, [])
  const known = Array.from({ length: 1100 }, (_, thread) => memory.recall(`t${thread}`)).filter(Boolean)
  expect(known).toHaveLength(1024)
})

test('of a checkpoint its own bytes are remembered, not what they were cut out of', () => {
  const arrived = Buffer.from('much more than is wanted')
  const slot: Slot = { kind: 'inline', node: { type: 'v', bytes: arrived.subarray(5, 9), refs: [] } }
  const known = new ThreadMemory().learn('t', EPOCH, [])
  known.addCheckpoint('', 'c1', { manifest: new Map([['topic', slot]]), versions: new Map([['topic', 1]]) })
  const kept = known.checkpoint('', 'c1')?.manifest.get('topic')
  if (kept?.kind !== 'inline') throw new Error('the slot was not remembered as it was')
  expect(Buffer.from(kept.node.bytes).toString()).toBe('more')
  expect(kept.node.bytes.buffer.byteLength).toBe(4)
  expect(kept.node.type).toBe('v')
})
