import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { directoryOf } from './find-program.js'
import { installPostgres } from './install-postgres.js'
import { runProgram } from './run-program.js'

/** Ends the server and removes its directory when its own standard input ends, which it does however this process ends. */
const KEEPER = `directory="$1"
shift
"$@" & server=$!
trap '' INT HUP TERM
cat >/dev/null
kill -QUIT "$server" && wait "$server"
cd /
rm -rf -- "$directory"
exit 0`

const START_MS = 30_000

/** A Postgres with its default settings in a directory of its own, on a free port of the loopback interface. */
export class PostgresServer implements AsyncDisposable {
  readonly url: string
  readonly version: string
  readonly #directory: string
  readonly #keeper: ChildProcess

  static async start(say: (message: string) => void): Promise<PostgresServer> {
    const programs = (await directoryOf('initdb', 'postgres')) ?? (await installed(say))
    const directory = await mkdtemp(join(tmpdir(), 'cairn-bench-postgres-'))
    try {
      // The server refuses to run as root.
      const user = process.getuid?.() === 0 ? await unprivilegedUser() : {}
      if (user.uid !== undefined && user.gid !== undefined) await chown(directory, user.uid, user.gid)
      await chmod(directory, 0o700)
      const data = join(directory, 'data')
      const settings = ['-D', data, '-U', 'bench', '--auth=trust', '--encoding=UTF8', '--no-locale']
      await runProgram(join(programs, 'initdb'), settings, user)
      const port = await freePort()
      const server = [
        join(programs, 'postgres'),
        '-D',
        data,
        '-p',
        String(port),
        '-h',
        '127.0.0.1',
        '-k',
        directory,
      ]
      const keeper = spawn('/bin/sh', ['-c', KEEPER, 'cairn-bench-postgres', directory, ...server], {
        ...user,
        stdio: ['pipe', 'ignore', 'pipe'],
        detached: true,
        cwd: directory,
      })
      const version = await runProgram(join(programs, 'postgres'), ['--version'])
      const started = new PostgresServer(port, version, directory, keeper)
      await started.#ready()
      return started
    } catch (error) {
      await rm(directory, { recursive: true, force: true })
      throw error
    }
  }

  private constructor(port: number, version: string, directory: string, keeper: ChildProcess) {
    this.url = `postgresql://bench@127.0.0.1:${port}/postgres`
    this.version = version
    this.#directory = directory
    this.#keeper = keeper
    keeper.unref()
  }

  async stop(): Promise<void> {
    if (this.#keeper.exitCode === null) {
      const gone = once(this.#keeper, 'close')
      this.#keeper.stdin?.end()
      await gone
    }
    await rm(this.#directory, { recursive: true, force: true })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  /** Resolves when the server says so in its log. */
  async #ready(): Promise<void> {
    let log = ''
    const { stderr } = this.#keeper
    const ready = new Promise<void>((resolve, reject) => {
      stderr?.setEncoding('utf8').on('data', (text: string) => {
        log = (log + text).slice(-4000)
        if (log.includes('ready to accept connections')) resolve()
      })
      this.#keeper.once('exit', () => reject(new Error(`Postgres did not start\n${log}`)))
      setTimeout(() => reject(new Error(`Postgres did not start in time\n${log}`)), START_MS).unref()
    })
    try {
      await ready
    } catch (error) {
      await this.stop()
      throw error
    }
  }
}

async function installed(say: (message: string) => void): Promise<string> {
  await installPostgres(say)
  const directory = await directoryOf('initdb', 'postgres')
  if (directory === undefined) throw new Error('no Postgres server on this machine; install postgresql')
  return directory
}

async function unprivilegedUser(): Promise<{ uid?: number; gid?: number }> {
  for (const name of ['postgres', 'nobody']) {
    try {
      const [uid, gid] = await Promise.all(
        ['-u', '-g'].map(async (flag) => Number(await runProgram('id', [flag, name]))),
      )
      if (uid !== undefined && gid !== undefined) return { uid, gid }
    } catch {
      // No such user here: the next one.
    }
  }
  throw new Error('Postgres does not run as root, and there is no user postgres or nobody to run it as')
}

async function freePort(): Promise<number> {
  const server = createServer()
  server.listen({ host: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address !== 'object' || address === null) throw new Error('A listening server has no port')
  return address.port
}
