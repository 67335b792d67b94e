import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Contender, required } from './contender.js'

// Loaded when they are opened: they are installed on demand, see services/install-peers.ts.

export const sqliteSaver: Contender = {
  id: 'sqlite-saver',
  title: 'SqliteSaver',
  needs: ['peers'],
  history: true,
  durable: true,
  async open({ directory }, mode) {
    const { openSqlite } = await import('../../peers/sqlite.js')
    const path = join(directory, 'checkpoints.sqlite')
    const files = [path, `${path}-wal`, `${path}-shm`]
    if (mode === 'empty') await Promise.all(files.map(async (file) => await rm(file, { force: true })))
    let opened = openSqlite(path)
    return {
      saver: opened.saver,
      async reopen() {
        opened.close()
        opened = openSqlite(path)
        return opened.saver
      },
      storedBytes: async () => (await Promise.all(files.map(sizeOf))).reduce((sum, size) => sum + size, 0),
      close: async () => opened.close(),
    }
  },
}

export const postgresSaver: Contender = {
  id: 'postgres-saver',
  title: 'PostgresSaver',
  needs: ['peers', 'postgres'],
  history: true,
  durable: true,
  async open({ postgresUrl }, mode) {
    const { openPostgres } = await import('../../peers/postgres.js')
    const url = required(postgresUrl, 'Postgres')
    let opened = await openPostgres(url)
    if (mode === 'empty') await opened.clear()
    return {
      saver: opened.saver,
      async reopen() {
        await opened.close()
        opened = await openPostgres(url)
        return opened.saver
      },
      storedBytes: async () => await opened.storedBytes(),
      close: async () => await opened.close(),
    }
  },
}

export const officialRedisSaver: Contender = {
  id: 'redis-saver',
  title: 'RedisSaver (official)',
  needs: ['peers', 'redis', 'modules'],
  redis: 'redis',
  history: true,
  durable: true,
  async open({ redisUrl }) {
    const { openRedisSaver } = await import('../../peers/official-redis.js')
    const url = required(redisUrl, 'Redis')
    let opened = await openRedisSaver(url)
    return {
      saver: opened.saver,
      async reopen() {
        await opened.close()
        opened = await openRedisSaver(url)
        return opened.saver
      },
      close: async () => await opened.close(),
    }
  },
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size
  } catch (error) {
    // Sqlite makes its side files when it needs them.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0
    throw error
  }
}
