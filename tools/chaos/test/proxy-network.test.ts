import { once } from 'node:events'
import * as net from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { startLab } from '@cairnkit/redis-lab'
import { expect, onTestFinished, test } from 'vitest'
import { proxyNetwork } from '../src/network/proxy-network.js'

test('what is cut says nothing any more, and what is mended answers new connections', async () => {
  const lab = await startLab('standalone')
  onTestFinished(() => lab.stop())
  const [node] = lab.nodes
  await using network = await proxyNetwork(lab.nodes)
  const address = network.addressMap?.[`${node.host}:${node.port}`]
  if (address === undefined) throw new Error('No proxy stands before the server')
  const ask = async (socket: net.Socket): Promise<string> => {
    socket.write('PING\r\n')
    const [chunk] = (await once(socket, 'data')) as [Buffer]
    return chunk.toString()
  }
  const connect = (): net.Socket => {
    const socket = net.connect(address)
    onTestFinished(() => void socket.destroy())
    return socket
  }

  const old = connect()
  expect(await ask(old)).toBe('+PONG\r\n')
  await network.cut(node)
  const answers = [old, connect()].map(ask)
  // An answer over loopback takes well under a millisecond.
  expect(await Promise.race([...answers, sleep(100, 'silence')])).toBe('silence')
  await network.mend(node)
  expect(await ask(connect())).toBe('+PONG\r\n')
  // Who was cut off is not told, as on a network that has forgotten the connection.
  expect(await Promise.race([...answers, sleep(100, 'silence')])).toBe('silence')
})

test('a server that is gone ends its connections', async () => {
  const lab = await startLab('standalone')
  onTestFinished(() => lab.stop())
  const [node] = lab.nodes
  await using network = await proxyNetwork(lab.nodes)
  const address = network.addressMap?.[`${node.host}:${node.port}`]
  const socket = net.connect(address ?? { port: 0 })
  socket.write('PING\r\n')
  await once(socket, 'data')
  const closed = once(socket, 'close')
  await node.kill()
  await closed
  expect(socket.destroyed).toBe(true)
})
