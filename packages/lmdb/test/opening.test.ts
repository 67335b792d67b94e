import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Keyspace, StorageError } from '@cairnkit/core'
import type { StorageDriver } from '@cairnkit/core/driver'
import { createLmdbDriver } from '@cairnkit/lmdb'
import { open } from 'lmdb'
import { describe, expect, it } from 'vitest'
import { inDatabase } from './support/tamper.js'
import { temporaryFolder } from './support/folder.js'

const get = { type: 'get', key: ['a'] } as const
const put = { type: 'put', key: ['a'], bytes: Buffer.from('v') } as const

async function failureOf(driver: StorageDriver): Promise<StorageError> {
  const cause: unknown = await new Keyspace(driver, ['t'])
    .partition('p')
    .read([get])
    .catch((reason: unknown) => reason)
  if (!StorageError.isInstance(cause)) throw new Error(`No StorageError: ${String(cause)}`)
  return cause
}

describe('opening', () => {
  it('wants a path', () => {
    expect(() => createLmdbDriver({} as never)).toThrow(TypeError)
    expect(() => createLmdbDriver({ path: '' })).toThrow('path must name the folder')
    expect(() => createLmdbDriver(undefined as never)).toThrow(TypeError)
  })

  it('creates the folder, and what is above it', async () => {
    const path = join(temporaryFolder(), 'a', 'b.with.dots', 'ünïcode 😀')
    await using driver = createLmdbDriver({ path })
    await driver.open()
    expect(readdirSync(path).sort()).toEqual(['data.mdb', 'lock.mdb'])
  })

  it('opens at the first use', async () => {
    const path = join(temporaryFolder(), 'later')
    await using driver = createLmdbDriver({ path })
    expect(readdirSync(join(path, '..'))).toEqual([])
    await driver.commit('p', { mutations: [put] })
    expect(readdirSync(join(path, '..'))).toEqual(['later'])
  })

  it('keeps what was committed, over close and open', async () => {
    const path = temporaryFolder()
    for (let round = 0; round < 3; round++) {
      await using driver = createLmdbDriver({ path })
      const result = await driver.commit('p', { mutations: [{ ...put, key: [String(round)] }] })
      expect(result).toMatchObject({ ok: true, created: round === 0 })
      const [all] = await driver.read('p', [{ type: 'count', prefix: [] }])
      expect(all).toEqual({ type: 'count', count: round + 1 })
    }
  })

  it('refuses a path that is a file, or below one', async () => {
    const file = join(temporaryFolder(), 'file')
    writeFileSync(file, 'text')
    for (const path of [file, join(file, 'below')]) {
      await using driver = createLmdbDriver({ path })
      expect(await failureOf(driver)).toMatchObject({ code: 'foreign', disposition: 'permanent' })
    }
  })

  it.each([
    ['text', Buffer.from('this is no database\n'.repeat(1000))],
    ['a few bytes', Buffer.from('x')],
    ['zeros', Buffer.alloc(8192)],
  ])('refuses a data file that is no database: %s', async (_name, bytes) => {
    const path = temporaryFolder()
    writeFileSync(join(path, 'data.mdb'), bytes)
    await using driver = createLmdbDriver({ path })
    expect(await failureOf(driver)).toMatchObject({ code: 'foreign', disposition: 'permanent' })
  })

  it('refuses a data file that is a folder', async () => {
    const path = temporaryFolder()
    mkdirSync(join(path, 'data.mdb'))
    await using driver = createLmdbDriver({ path })
    expect(await failureOf(driver)).toMatchObject({ code: 'foreign', disposition: 'permanent' })
  })

  it('takes an empty data file for a new one', async () => {
    const path = temporaryFolder()
    writeFileSync(join(path, 'data.mdb'), '')
    await using driver = createLmdbDriver({ path })
    expect(await driver.commit('p', { mutations: [put] })).toMatchObject({ ok: true })
  })

  it('refuses the database of another program, and leaves it as it is', async () => {
    const path = temporaryFolder()
    const other = open({ path, noSubdir: false })
    await other.put('key', 'value')
    await other.close()
    await using driver = createLmdbDriver({ path })
    expect(await failureOf(driver)).toMatchObject({ code: 'foreign', disposition: 'permanent' })
    const again = open({ path, noSubdir: false })
    expect([...again.getKeys()]).toEqual(['key'])
    await again.close()
  })

  it('asks for an upgrade when the layout is newer', async () => {
    const path = temporaryFolder()
    await inDatabase(path, (access) => access.put(Buffer.from('\0cairn'), Uint8Array.of(2)))
    await using driver = createLmdbDriver({ path })
    expect(await failureOf(driver)).toMatchObject({ code: 'format', disposition: 'permanent' })
  })

  it('may be tried again after it failed', async () => {
    const path = temporaryFolder()
    const data = join(path, 'data.mdb')
    writeFileSync(data, 'no database')
    await using driver = createLmdbDriver({ path })
    await expect(driver.open()).rejects.toThrow('no LMDB database')
    writeFileSync(data, '')
    await driver.open()
    expect(await driver.commit('p', { mutations: [put] })).toMatchObject({ ok: true })
  })

  it.each([
    [{ code: 'EACCES' }, 'forbidden'],
    [{ code: 13 }, 'forbidden'],
    [{ code: 'EROFS' }, 'read-only'],
    [{ code: 28 }, 'full'],
    [{ code: -30792 }, 'full'],
    [{ code: -30796 }, 'corrupt'],
    [{ code: -30790 }, 'unavailable'],
    [{ code: 'toString' }, 'unknown'],
    [{ code: '__proto__' }, 'unknown'],
  ])('names the failures of the system and of LMDB: %o', (cause, code) => {
    const driver = createLmdbDriver({ path: 'unused' })
    expect(driver.classify(Object.assign(new Error('failed'), cause)).code).toBe(code)
  })
})

describe('one folder, several drivers of a process', () => {
  it('see each other, and one closes without the other', async () => {
    const path = temporaryFolder()
    const link = join(temporaryFolder(), 'link')
    symlinkSync(path, link)
    await using first = createLmdbDriver({ path })
    await using second = createLmdbDriver({ path: link })
    await first.commit('p', { mutations: [put] })
    const [seen] = await second.read('p', [get])
    expect(seen).toMatchObject({ record: { key: ['a'] } })
    await first.close()
    expect(await second.commit('p', { mutations: [put] })).toMatchObject({ ok: true, created: false })
  })

  it('open while another one closes', async () => {
    const path = temporaryFolder()
    for (let round = 0; round < 20; round++) {
      const first = createLmdbDriver({ path })
      const written = first.commit('p', { mutations: [{ ...put, key: [`a${round}`] }] })
      await first.open()
      const closing = first.close()
      const second = createLmdbDriver({ path })
      await second.commit('p', { mutations: [{ ...put, key: [`b${round}`] }] })
      await Promise.all([closing, written, second.close()])
    }
    await using last = createLmdbDriver({ path })
    const [count] = await last.read('p', [{ type: 'count', prefix: [] }])
    expect(count).toEqual({ type: 'count', count: 40 })
  })
})

describe('what an error of the system means', () => {
  it.each([
    ['EROFS', 'read-only', /Mount the file system of the folder for writing/],
    ['ENOSPC', 'full', /Make room on the disk of the folder/],
    [-30792, 'full', /larger mapSizeBytes/],
    ['EACCES', 'forbidden', /Give the user of this process the right/],
  ])('%s comes with advice that fits a folder, and not a server', async (code, meaning, advice) => {
    await using driver = createLmdbDriver({ path: temporaryFolder() })
    const cause = Object.assign(new Error('no'), { code })
    const failing = { read: () => Promise.reject(cause) }
    const failure = await failureOf(Object.assign(Object.create(driver) as StorageDriver, failing))
    expect(failure.code).toBe(meaning)
    expect(failure.message).toMatch(advice)
    expect(failure.message).not.toMatch(/server|primary|ACL/)
  })

  it('refuses limits that are none', () => {
    expect(() => createLmdbDriver({ path: 'p', timeoutMs: 0 })).toThrow(/timeoutMs must be a whole number/)
    expect(() => createLmdbDriver({ path: 'p', mapSize: 1 } as never)).toThrow(/has no option "mapSize"/)
    expect(() => createLmdbDriver({ path: 'p', mapSizeBytes: 1.5 })).toThrow(/mapSizeBytes must be a whole/)
  })
})
