import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type Server, type Socket, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Lab, type LabFacts, labFacts, startLab } from '@cairnkit/redis-lab'
import type { RedisStorage } from './redis-driver.js'
import { serviceNamed, serviceUser, setServiceUser } from './service-user.js'

/**
 * The servers of one cell, for the workers that run its tests. They are there only while a worker is connected: ten cells
 * at once would have thirty servers idle, which costs a tenth of a core and all that a failover test cannot stand.
 */
interface ServedLab extends AsyncDisposable {
  readonly socketPath: string
}

/** Where a worker asks for the servers of a cell. None is started yet. */
export async function serveLab(storage: Pick<RedisStorage, 'topology' | 'service'>): Promise<ServedLab> {
  const directory = await mkdtemp(join(tmpdir(), 'cairn-cell-'))
  const socketPath = join(directory, 'lab.sock')
  const workers = new Set<Socket>()
  let lab: Promise<Lab> | undefined
  /** Stopping, and whatever came before it. */
  let stopped: Promise<void> = Promise.resolve()
  const stop = (): void => {
    const running = lab
    lab = undefined
    if (running === undefined) return
    const before = stopped
    stopped = running.then(
      async (started) => {
        await before
        await started.stop()
      },
      // Each worker was told why there is none.
      async () => await before,
    )
  }
  const server = createServer((worker) => {
    workers.add(worker)
    worker.on('error', () => undefined)
    worker.on('close', () => {
      workers.delete(worker)
      if (workers.size === 0) stop()
    })
    worker.resume()
    lab ??= labOf(storage)
    lab.then(
      (started) => worker.write(`${JSON.stringify(labFacts(started))}\n`),
      (cause: unknown) => worker.end(`${JSON.stringify({ failure: String(cause) })}\n`),
    )
  })
  server.listen(socketPath)
  await once(server, 'listening')
  return {
    socketPath,
    [Symbol.asyncDispose]: async () => {
      await closed(server, workers)
      stop()
      await stopped
      await rm(directory, { recursive: true, force: true })
    },
  }
}

async function labOf({ topology, service }: Pick<RedisStorage, 'topology' | 'service'>): Promise<Lab> {
  const lab = await startLab(topology)
  if (service === undefined) return lab
  try {
    await setServiceUser(lab, serviceNamed(service), serviceUser)
    return lab
  } catch (cause) {
    await lab.stop()
    throw cause
  }
}

async function closed(server: Server, workers: ReadonlySet<Socket>): Promise<void> {
  for (const worker of workers) worker.destroy()
  server.close()
  await once(server, 'close')
}

const asked = new Map<string, Promise<LabFacts>>()

/** The servers of a cell, which stay for as long as this process does. */
export async function askForLab(socketPath: string): Promise<LabFacts> {
  const known = asked.get(socketPath)
  if (known !== undefined) return await known
  const asking = ask(socketPath)
  asked.set(socketPath, asking)
  return await asking
}

async function ask(socketPath: string): Promise<LabFacts> {
  const socket = connect(socketPath)
  let said = ''
  await new Promise<void>((resolve, reject) => {
    socket.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (said.endsWith('\n')) resolve()
    })
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('Nobody gave the servers of this cell')))
  })
  // The connection says that this worker is alive, and must not keep it alive.
  socket.unref()
  const answer = JSON.parse(said) as LabFacts | { readonly failure: string }
  if ('failure' in answer) throw new Error(`The servers of this cell did not start: ${answer.failure}`)
  return answer
}
