import { Worker } from 'node:worker_threads'
import type { Lab, LabNode } from '@cairnkit/redis-lab'

/** How long the server was kept from serving others, in milliseconds. */
export interface Hold {
  /** The longest command, by SLOWLOG. */
  readonly commandMs: number
  /** What that was. */
  readonly command: string
  /** The longest that a PING of another client took. */
  readonly pingMs: number
}

type Entry = readonly [id: number, at: number, microseconds: number, words: readonly string[], client: string]

const OURS = new Set(['slowlog', 'config', 'ping'])

/** Pings in a thread of its own: this one is busy with what it sends. */
const PINGER = `
  const { parentPort, workerData } = require('node:worker_threads')
  const socket = require('node:net').connect(workerData)
  socket.setNoDelay(true)
  let sentAt = 0, longest = 0
  const ping = () => { sentAt = performance.now(); socket.write('PING\\r\\n') }
  socket.on('data', () => { longest = Math.max(longest, performance.now() - sentAt); setTimeout(ping, 1) })
  socket.once('connect', () => { ping(); parentPort.postMessage('ready') })
  parentPort.on('message', () => parentPort.postMessage(Math.max(longest, performance.now() - sentAt)))
`

/** What `work` does to the server that owns `key`. */
export async function holdDuring(lab: Lab, node: LabNode, work: () => Promise<unknown>): Promise<Hold> {
  if (lab.kind === 'standalone-tls') throw new Error('the pinger speaks no TLS')
  await node.command('CONFIG', 'SET', 'slowlog-max-len', '100000')
  await node.command('CONFIG', 'SET', 'slowlog-log-slower-than', '1000')
  const pinger = new Worker(PINGER, { eval: true, workerData: { host: node.host, port: node.port } })
  const answer = async (): Promise<unknown> =>
    await new Promise((resolve, reject) => {
      pinger.once('message', resolve)
      pinger.once('error', reject)
    })
  try {
    await answer()
    await node.command('SLOWLOG', 'RESET')
    await work()
    const asked = answer()
    pinger.postMessage('stop')
    const pingMs = Number(await asked)
    const entries = (await node.command('SLOWLOG', 'GET', '-1')) as readonly Entry[]
    const [slowest] = entries
      .filter(([, , , [name = '']]) => !OURS.has(name.toLowerCase()))
      .toSorted(([, , left], [, , right]) => right - left)
    return {
      pingMs,
      commandMs: (slowest?.[2] ?? 0) / 1000,
      command: slowest?.[3].slice(0, 2).join(' ') ?? '',
    }
  } finally {
    await pinger.terminate()
  }
}
