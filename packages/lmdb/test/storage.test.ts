import { statSync } from 'node:fs'
import { join } from 'node:path'
import { type Mutation, objectId } from '@cairnkit/core/driver'
import { createLmdbDriver } from '@cairnkit/lmdb'
import { describe, expect, it } from 'vitest'
import { partitionHash } from '../src/layout.js'
import { temporaryFolder } from './support/folder.js'
import { inDatabase } from './support/tamper.js'

const all = { from: Uint8Array.of(1), until: Uint8Array.of(255) }

function keysOf(path: string): Promise<string[]> {
  return inDatabase(path, (access) => [...access.keys(all)].map((key) => Buffer.from(key).toString('hex')))
}

function some(count: number): Mutation[] {
  const bytes = Buffer.from('object')
  const id = objectId(bytes)
  const records = Array.from({ length: count }, (_, at): Mutation => ({
    type: 'put',
    key: [`${'long'.repeat(at * 100)}${at}`],
    bytes: Buffer.from(String(at)),
    refs: [id],
  }))
  return [...records, { type: 'object', id, bytes }]
}

describe('what is stored', () => {
  it('is reclaimed by the next commit after it has expired', async () => {
    const path = temporaryFolder()
    let now = 1_000_000
    await using driver = createLmdbDriver({ path, clock: () => now })
    await driver.commit('p', { mutations: [...some(20), { type: 'expire', ttlMs: 1000 }] })
    const before = await keysOf(path)
    now += 1000
    expect(await driver.read('p', [{ type: 'info' }])).toMatchObject([{ epoch: null, records: 0 }])
    expect(await keysOf(path)).toEqual(before)
    await driver.commit('p', { mutations: [{ type: 'put', key: ['new'], bytes: Buffer.from('v') }] })
    // Header and record.
    expect(await keysOf(path)).toHaveLength(2)
  })

  it('is reclaimed by a commit that leaves nothing, and by a drop', async () => {
    const path = temporaryFolder()
    let now = 1_000_000
    await using driver = createLmdbDriver({ path, clock: () => now })
    for (const id of ['p', 'q'])
      await driver.commit(id, { mutations: [...some(20), { type: 'expire', ttlMs: 1000 }] })
    now += 1000
    expect(await driver.commit('p', { mutations: [{ type: 'sweep' }] })).toMatchObject({ epoch: null })
    expect(await driver.drop('q')).toBe(false)
    expect(await keysOf(path)).toEqual([])
  })

  it('leaves nothing behind when a partition is dropped or emptied', async () => {
    const path = temporaryFolder()
    await using driver = createLmdbDriver({ path })
    await driver.commit('p', { mutations: some(20) })
    await driver.commit('q', { mutations: some(20) })
    expect(await driver.drop('p')).toBe(true)
    await driver.commit('q', { mutations: [{ type: 'deleteRange', prefix: [] }, { type: 'sweep' }] })
    expect(await keysOf(path)).toEqual([])
  })

  it('can be dropped when its header is damaged, and says so until then', async () => {
    const path = temporaryFolder()
    await using driver = createLmdbDriver({ path })
    await driver.commit('p', { mutations: some(3) })
    await inDatabase(path, (access) =>
      access.put(Buffer.concat([Uint8Array.of(1), partitionHash('p')]), Buffer.from('\u0001 damaged header')),
    )
    await expect(driver.read('p', [{ type: 'info' }])).rejects.toMatchObject({ code: 'corrupt' })
    await expect(driver.commit('p', { mutations: some(1) })).rejects.toMatchObject({ code: 'corrupt' })
    expect(await driver.drop('p')).toBe(true)
    expect(await keysOf(path)).toEqual([])
  })

  it('is as it was when a batch fails half-way', async () => {
    const path = temporaryFolder()
    await using driver = createLmdbDriver({ path })
    const [record] = some(1) as [Mutation & { type: 'put' }]
    await driver.commit('p', { mutations: [record] })
    await inDatabase(path, (access) => {
      const [, key] = [...access.keys(all)]
      access.put(key as Uint8Array, Buffer.from('\u0001 damaged record'))
    })
    const before = await keysOf(path)
    const neighbour = driver.commit('q', { mutations: [{ ...record, key: ['neighbour'] }] })
    // A sweep reads every record, and so meets the damaged one after the first two writes.
    const failing = driver.commit('p', {
      mutations: [{ ...record, key: ['x'] }, { ...record, key: ['y'] }, { type: 'sweep' }],
    })
    await expect(failing).rejects.toMatchObject({ code: 'corrupt' })
    expect(await neighbour).toMatchObject({ ok: true, created: true })
    const after = await keysOf(path)
    expect(before.every((key) => after.includes(key))).toBe(true)
    expect(after).toHaveLength(before.length + 2)
  })

  it('grows far beyond the first size of the map', async () => {
    const path = temporaryFolder()
    await using driver = createLmdbDriver({ path, mapSizeBytes: 1024 * 1024 })
    for (let round = 0; round < 6; round++)
      await driver.commit('p', {
        mutations: [{ type: 'put', key: [String(round)], bytes: Buffer.alloc(16 * 1024 * 1024, round) }],
      })
    expect(statSync(join(path, 'data.mdb')).size).toBeGreaterThan(96 * 1024 * 1024)
    const [range] = await driver.read('p', [{ type: 'range', prefix: [] }])
    expect(range).toMatchObject({ type: 'range' })
    if (range?.type !== 'range') throw new Error('No range')
    expect(range.records.map(({ bytes }) => [bytes.length, bytes.at(-1)])).toEqual(
      [0, 1, 2, 3, 4, 5].map((round) => [16 * 1024 * 1024, round]),
    )
  })

  it('uses freed room again', async () => {
    const path = temporaryFolder()
    await using driver = createLmdbDriver({ path })
    const sizes: number[] = []
    for (let round = 0; round < 40; round++) {
      await driver.commit('p', {
        mutations: [{ type: 'put', key: ['a'], bytes: Buffer.alloc(1024 * 1024, round) }],
      })
      await driver.read('p', [{ type: 'get', key: ['a'] }])
      sizes.push(statSync(join(path, 'data.mdb')).size)
    }
    expect(sizes.at(-1)).toBeLessThan(20 * 1024 * 1024)
  })
})
