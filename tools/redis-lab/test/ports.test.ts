import { once } from 'node:events'
import * as net from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { chooseServer } from '../src/index.js'
import { LabHost } from '../src/lab-host.js'
import { reservePorts } from '../src/port-block.js'

test('blocks that are held at once are disjoint', async () => {
  const blocks = await Promise.all(Array.from({ length: 20 }, () => reservePorts(6)))
  const ports = blocks.flatMap((block) => block.ports)
  expect(new Set(ports).size).toBe(120)
  expect(Math.min(...ports)).toBeGreaterThan(10_240)
  expect(Math.max(...ports) + 10_000).toBeLessThan(32_768)
  await Promise.all(blocks.map((block) => block.release()))
})

test.each([
  ['its port', 0, []],
  ['its cluster bus port', 10_000, ['cluster-enabled yes']],
])(
  'a server that finds %s taken says so, and is not taken for the one that listens there',
  async (_, offset, config) => {
    const host = await LabHost.open(await chooseServer(), 1, {})
    onTestFinished(() => host.close())
    const port = host.port(0)
    const stranger = net.createServer().listen({ host: '127.0.0.1', port: port + offset })
    onTestFinished(() => void stranger.close())
    await once(stranger, 'listening')
    const start = host.start({
      name: 'primary-1',
      role: 'primary',
      port,
      config: ['bind 127.0.0.1', `port ${port}`, ...config],
    })
    await expect(start).rejects.toMatchObject({ name: 'ServerStartError', addressInUse: true })
  },
)
