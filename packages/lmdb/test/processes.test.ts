import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createLmdbDriver } from '@cairnkit/lmdb'
import { describe, expect, it, onTestFinished } from 'vitest'
import { temporaryFolder } from './support/folder.js'

const TIMEOUT_MS = 180_000
const program = fileURLToPath(new URL('support/child.ts', import.meta.url))

const nodeOptions = ['--conditions=@cairnkit/source', '--import', 'tsx']

interface Child {
  readonly process: ChildProcess
  readonly lines: AsyncIterator<string>
}

function start(job: string, path: string, ...rest: readonly string[]): Child {
  return spawnChild(process.execPath, [...nodeOptions, program, job, path, ...rest], 'inherit')
}

function spawnChild(command: string, args: readonly string[], stderr: 'inherit' | 'ignore'): Child {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', stderr] })
  onTestFinished(() => void child.kill('SIGKILL'))
  return { process: child, lines: createInterface(child.stdout)[Symbol.asyncIterator]() }
}

async function kill({ process: child }: Child): Promise<void> {
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

async function count(path: string, partition: string): Promise<number> {
  await using driver = createLmdbDriver({ path })
  const [found] = await driver.read(partition, [{ type: 'count', prefix: [] }])
  return found?.type === 'count' ? found.count : -1
}

describe('several processes over one folder', () => {
  it(
    'append without losing or taking a place twice',
    async () => {
      const path = temporaryFolder()
      const names = ['a', 'b', 'c']
      const children = names.map((name) => start('append', path, name, '60'))
      for (const { lines } of children) expect((await lines.next()).value).toBe('done')
      await using driver = createLmdbDriver({ path })
      const [log] = await driver.read('log', [{ type: 'range', prefix: [] }])
      if (log?.type !== 'range') throw new Error('No range')
      expect(log.records.map(({ key }) => Number(key[0]))).toEqual(
        Array.from({ length: 180 }, (_, at) => at + 1),
      )
      const values = log.records.map(({ bytes }) => Buffer.from(bytes).toString())
      const expected = names.flatMap((name) => Array.from({ length: 60 }, (_, at) => `${name}${at}`))
      expect(values.sort()).toEqual(expected.sort())
    },
    TIMEOUT_MS,
  )

  it(
    'read at once what another one committed, although it makes the file grow',
    async () => {
      const path = temporaryFolder()
      await using driver = createLmdbDriver({ path })
      await driver.commit('large', { mutations: [{ type: 'put', key: ['first'], bytes: Buffer.from('v') }] })
      const child = start('writeMegabytes', path, '64')
      expect((await child.lines.next()).value).toBe('done')
      const [range] = await driver.read('large', [{ type: 'range', prefix: [] }])
      if (range?.type !== 'range') throw new Error('No range')
      expect(range.records).toHaveLength(65)
      const large = range.records.filter(({ key }) => key[0] !== 'first')
      for (const { key, bytes } of large)
        expect([bytes.length, bytes.at(-1)]).toEqual([1024 * 1024, Number(key[0])])
      expect(
        await driver.commit('large', {
          mutations: [{ type: 'put', key: ['last'], bytes: Buffer.from('v') }],
        }),
      ).toMatchObject({ ok: true, created: false })
    },
    TIMEOUT_MS,
  )

  it(
    'find every commit that was resolved when another one is killed, and no half of any',
    async () => {
      const path = temporaryFolder()
      for (const lives of [1, 25, 80]) {
        const child = start('commitPairs', path)
        let last = -1
        for (let at = 0; at < lives; at++) last = Number((await child.lines.next()).value)
        await kill(child)
        await using driver = createLmdbDriver({ path })
        const [left, right] = await driver.read('pairs', [
          { type: 'range', prefix: ['left'] },
          { type: 'range', prefix: ['right'] },
        ])
        if (left?.type !== 'range' || right?.type !== 'range') throw new Error('No ranges')
        expect(left.records.map(({ key }) => key[1])).toEqual(right.records.map(({ key }) => key[1]))
        const found = new Set(left.records.map(({ key }) => Number(key[1])))
        for (let at = 0; at <= last; at++) expect(found.has(at)).toBe(true)
        await driver.drop('pairs')
      }
    },
    TIMEOUT_MS,
  )

  it(
    'wait no longer than they want for one that keeps the lock, and go on when it is killed',
    async () => {
      const path = temporaryFolder()
      await using driver = createLmdbDriver({ path })
      const batch = { mutations: [{ type: 'put', key: ['a'], bytes: Buffer.from('v') }] } as const
      await driver.commit('before', batch)
      const holder = start('holdLock', path)
      expect((await holder.lines.next()).value).toBe('locked')
      const startedAt = performance.now()
      await expect(driver.commit('late', batch, { timeoutMs: 200 })).rejects.toMatchObject({
        code: 'timeout',
        disposition: 'ambiguous',
      })
      expect(performance.now() - startedAt).toBeLessThan(12_000)
      expect((await driver.read('before', [{ type: 'count', prefix: [] }]))[0]).toMatchObject({ count: 1 })
      await kill(holder)
      expect(await driver.commit('after', batch)).toMatchObject({ ok: true })
      await delay(50)
      // It was ambiguous: it kept its place, and was applied as a whole.
      expect(await count(path, 'late')).toBe(1)
    },
    TIMEOUT_MS,
  )

  it.skipIf(process.platform === 'win32')(
    'survive a full disk: the commit fails, what was there stays, less fits again',
    async () => {
      const path = temporaryFolder()
      // The shell counts in blocks of 512 bytes: files end at 20 MB.
      const limited = 'ulimit -f 40000; exec "$@"'
      const args = ['-c', limited, 'sh', process.execPath, ...nodeOptions, program, 'fill', path]
      const child = spawnChild('sh', args, 'ignore')
      const told = JSON.parse((await child.lines.next()).value as string) as Record<string, unknown>
      expect(told['values']).toBeGreaterThan(10)
      expect(told).toEqual({
        values: told['values'],
        together: ['unknown', 'unknown', 'unknown'],
        count: { type: 'count', count: told['values'] },
        after: 'ok',
      })
      expect((await child.lines.next()).done).toBe(true)
    },
    TIMEOUT_MS,
  )
})
