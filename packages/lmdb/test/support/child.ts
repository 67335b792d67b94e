import { createLmdbDriver } from '@cairnkit/lmdb'
import { open } from 'lmdb'

/** What the tests let other processes do. Each job writes lines to its parent. */
const [job = '', path = '', ...rest] = process.argv.slice(2)

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

const jobs: Readonly<Record<string, () => Promise<void>>> = {
  /** Appends `count` records, each in the place that no other process has taken. */
  async append() {
    const [name = '', count = '0'] = rest
    await using driver = createLmdbDriver({ path })
    for (let done = 0; done < Number(count);) {
      const [log] = await driver.read('log', [{ type: 'range', prefix: [], reverse: true, limit: 1 }])
      const last = (log?.type === 'range' ? log.records[0]?.key : undefined) ?? null
      const key = [String(Number(last?.[0] ?? 0) + 1).padStart(6, '0')]
      const { ok } = await driver.commit('log', {
        checks: [{ type: 'last', prefix: [], key: last }],
        mutations: [{ type: 'put', key, bytes: Buffer.from(`${name}${done}`) }],
      })
      if (ok) done++
    }
    say('done')
  },

  /** Commits pairs for ever, and says of each that it is committed. */
  async commitPairs() {
    const driver = createLmdbDriver({ path })
    for (let at = 0; ; at++) {
      const bytes = Buffer.alloc(2000, at)
      await driver.commit('pairs', {
        mutations: ['left', 'right'].map((side) => ({ type: 'put', key: [side, String(at)], bytes })),
      })
      say(String(at))
    }
  },

  /** Takes the write lock of LMDB and keeps it. */
  async holdLock() {
    const database = open({ path, noSubdir: false, overlappingSync: false })
    database.transactionSync(() => {
      say('locked')
      // Never let go: the parent kills this process.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000)
    })
    await database.close()
  },

  /** Commits until there is no more room, then less, and says how it went. */
  async fill() {
    process.on('unhandledRejection', (cause) => say(`unhandled ${String(cause)}`))
    await using driver = createLmdbDriver({ path })
    const write = async (name: string, size: number): Promise<string> =>
      await driver
        .commit('p', { mutations: [{ type: 'put', key: [name], bytes: Buffer.alloc(size, 1) }] })
        .then(
          () => 'ok',
          (cause: unknown) => driver.classify(cause).code,
        )
    let values = 0
    while ((await write(String(values), 1024 * 1024)) === 'ok') values++
    const together = await Promise.all(['a', 'b', 'c'].map((name) => write(name, 4 * 1024 * 1024)))
    const [count] = await driver.read('p', [{ type: 'count', prefix: [] }])
    await driver.commit('p', { mutations: [{ type: 'deleteRange', prefix: [] }] })
    const [after] = await Promise.all([
      write('after', 1024),
      new Promise((resolve) => setTimeout(resolve, 50)),
    ])
    say(JSON.stringify({ values, together, count, after }))
  },

  /** Writes `count` values of one megabyte. */
  async writeMegabytes() {
    await using driver = createLmdbDriver({ path })
    for (let at = 0; at < Number(rest[0]); at++)
      await driver.commit('large', {
        mutations: [{ type: 'put', key: [String(at)], bytes: Buffer.alloc(1024 * 1024, at) }],
      })
    say('done')
  },
}

await jobs[job]?.()
