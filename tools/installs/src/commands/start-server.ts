import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { CommandFailed } from './command-failed.js'

export interface ServerOptions {
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  /** Answers with any status but an error of the server, as soon as the server is ready. */
  readonly probe: string
  /** @default 120000 */
  readonly startTimeoutMs?: number
}

/** Starts a program that serves until it is disposed of, and resolves when it answers. */
export async function startServer(argv: readonly string[], options: ServerOptions): Promise<AsyncDisposable> {
  const { cwd, env, probe, startTimeoutMs = 120_000 } = options
  const [program = '', ...args] = argv
  // A group of its own: a launcher between us and the server would not pass a signal on.
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  const closed = once(child, 'close').catch((error: unknown) => error)
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-10_000)))
  const end = (): void => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
    process.kill(-child.pid, 'SIGKILL')
  }
  process.once('exit', end)
  const server: AsyncDisposable = {
    async [Symbol.asyncDispose]() {
      process.off('exit', end)
      end()
      await closed
    },
  }
  let ended = false
  void closed.then(() => (ended = true))
  const deadline = performance.now() + startTimeoutMs
  while (!(await answers(probe))) {
    if (!ended && performance.now() < deadline) {
      await pause(100)
      continue
    }
    await server[Symbol.asyncDispose]()
    throw new CommandFailed(argv, ended ? 'ended before it served' : 'did not serve in time', said)
  }
  return server
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000) })
    await response.arrayBuffer()
    return response.status < 500
  } catch {
    // Not yet: whoever waits has a deadline.
    return false
  }
}

/** A port of this machine on which nobody listens. */
export async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address !== 'object' || address === null) throw new Error('the server has no port')
  return address.port
}
