import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import * as net from 'node:net'

/** Consecutive loopback ports that no other lab on this machine takes until they are released. */
export interface PortBlock {
  readonly ports: readonly number[]
  release(): Promise<void>
}

/**
 * A block's first port is its guard: this process listens on it, so a second lab that draws the same block sees that
 * at once, a server that is down keeps its port, and the kernel ends the reservation when the process dies.
 */
export async function reservePorts(count: number): Promise<PortBlock> {
  if (count >= BLOCK_SIZE)
    throw new RangeError(`A block has ${BLOCK_SIZE - 1} ports, ${count} were asked for`)
  for (let attempt = 0; attempt < 200; attempt++) {
    const guardPort = FIRST_PORT + BLOCK_SIZE * randomInt(BLOCKS)
    const guard = await listen(guardPort)
    if (guard === undefined) continue
    const ports = Array.from({ length: count }, (_, index) => guardPort + 1 + index)
    const free = await Promise.all([...ports, ...ports.map((port) => port + CLUSTER_BUS_OFFSET)].map(isFree))
    if (free.every(Boolean)) {
      guard.unref()
      return { ports, release: () => close(guard) }
    }
    await close(guard)
  }
  throw new Error(`No ${count} consecutive free loopback ports were found from ${FIRST_PORT} on`)
}

/** A cluster node talks to the others on its port plus this. */
const CLUSTER_BUS_OFFSET = 10_000
const BLOCK_SIZE = 8
const FIRST_PORT = 10_240
// Ports and their bus ports stay below 32768, where Linux begins to hand out ports to outgoing connections.
const BLOCKS: number = Math.floor((32_768 - CLUSTER_BUS_OFFSET - FIRST_PORT) / BLOCK_SIZE)

async function listen(port: number): Promise<net.Server | undefined> {
  const server = net.createServer((socket) => socket.destroy())
  server.listen({ host: '127.0.0.1', port, exclusive: true })
  try {
    await once(server, 'listening')
    return server
  } catch {
    // Whatever the reason, this port is not one to use: the caller draws another.
    return undefined
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = await listen(port)
  if (server === undefined) return false
  await close(server)
  return true
}

function close(server: net.Server): Promise<void> {
  return new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve())))
}
