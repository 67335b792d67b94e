import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { ConnectionLog, planConnection } from '@cairnkit/redis-kernel/connections'
import { type ClusterLab, type LabNode, startLab, waitFor } from '@cairnkit/redis-lab'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { clusterClient } from '../src/cluster.js'
import { forget } from './support/forget.js'

type Kind = ReturnType<typeof clusterClient>
type Client = ReturnType<Kind['create']>

let lab: ClusterLab
beforeAll(async () => {
  lab = await startLab('cluster')
})
afterAll(() => lab.stop())

function clusterKind(): Kind {
  const plan = planConnection({ cluster: { nodes: lab.nodes.map(({ host, port }) => ({ host, port })) } })
  if (plan.kind !== 'cluster') throw new Error(plan.kind)
  return clusterClient(plan.settings)
}

async function connectionsOf(server: LabNode): Promise<string[]> {
  const list = String(await server.command('CLIENT', 'LIST', 'TYPE', 'normal'))
  return list.split('\n').flatMap((line) => /^id=\d+/.exec(line)?.[0] ?? [])
}

interface Opened {
  readonly client: Client
  readonly node: Client['masters'][number]
  readonly close: () => Promise<void>
  /** Whether its server has no connection any more but that of the test. */
  readonly isLeft: () => Promise<true | undefined>
}

async function open(): Promise<Opened> {
  const kind = clusterKind()
  const client = kind.create(new ConnectionLog())
  await kind.open(client)
  const [node] = client.masters
  const server = lab.nodes.find(({ host, port }) => node?.address === `${host}:${port}`)
  if (node === undefined || server === undefined) throw new Error('no primary')
  return {
    client,
    node,
    close: () => kind.destroy(client),
    isLeft: async () => ((await connectionsOf(server)).length === 1 ? true : undefined),
  }
}

const soon = { timeoutMs: 2000 }

describe('a cluster that is closed', () => {
  it('ends a connection that was being made as node-redis ended its client and forgot it', async () => {
    const { client, node, close, isLeft } = await open()
    forget(node)
    await waitFor('the first connection has ended', isLeft, soon)

    const connecting = client.nodeClient(node)
    forget(node)
    await connecting.catch(() => undefined)
    await close()

    expect(await waitFor('no connection is left', isLeft, soon)).toBe(true)
  })

  it('ends a connection that was forgotten as it stood, for good', async () => {
    const { node, close, isLeft } = await open()
    delete node.client
    await close()

    await waitFor('no connection is left', isLeft, soon)
    // It would have come back by now.
    await delay(500)
    expect(await isLeft()).toBe(true)
  })

  it('keeps no process alive by a client that was forgotten and then lost its server', async () => {
    const [server] = lab.nodes
    if (server === undefined) throw new Error('no server')
    const program = fileURLToPath(new URL('support/end-by-itself.ts', import.meta.url))
    const options = ['--conditions=@cairnkit/source', '--import', 'tsx']
    const child = spawn(process.execPath, [...options, program, server.host, String(server.port)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    const ended = once(child, 'exit')
    expect(String((await once(child.stdout, 'data'))[0])).toBe('closed\n')
    expect(await Promise.race([ended, delay(5000, 'still running')])).toEqual([0, null])
  })
})
