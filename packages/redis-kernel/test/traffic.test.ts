import { once } from 'node:events'
import * as net from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { socketTraffic } from '../src/connections/clients/traffic.js'

/** Both ends of a connection. */
async function connection(): Promise<readonly [near: net.Socket, far: net.Socket]> {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const near = net.connect((server.address() as net.AddressInfo).port, '127.0.0.1')
  const [far] = (await once(server, 'connection')) as [net.Socket]
  await once(near, 'ready')
  onTestFinished(() => {
    for (const socket of [near, far]) socket.destroy()
    server.close()
  })
  return [near, far]
}

/** More than the buffers of both machines take. */
const LARGE = 64 * 1024 * 1024

test('what comes is counted as it comes', async () => {
  const [near, far] = await connection()
  const traffic = socketTraffic(() => near)
  expect(traffic).toEqual({ receivedBytes: 0, sentBytes: 0, isFull: false })
  near.resume()
  far.write('12345')
  await expect.poll(() => traffic.receivedBytes).toBe(5)
})

test('of one large write, what has left is told before all of it has', async () => {
  const [near, far] = await connection()
  const traffic = socketTraffic(() => near)
  far.pause()
  near.write(Buffer.alloc(LARGE))
  expect(traffic.isFull).toBe(true)
  const steady = async (): Promise<number> => {
    for (;;) {
      const sent = traffic.sentBytes
      await new Promise((resolve) => setTimeout(resolve, 100))
      if (traffic.sentBytes === sent) return sent
    }
  }
  const buffered = await steady()
  expect(buffered).toBeLessThan(LARGE)
  // The other end takes a little at a time.
  far.on('data', () => far.pause())
  const moved = (): number => {
    far.resume()
    return traffic.sentBytes
  }
  await expect.poll(moved, { interval: 5, timeout: 10_000 }).toBeGreaterThan(buffered)
  expect(traffic.isFull).toBe(true)
  far.removeAllListeners('data').resume()
  await expect.poll(() => traffic.isFull, { timeout: 10_000 }).toBe(false)
  expect(traffic.sentBytes).toBe(LARGE)
})

test('what is held back until the end of the turn does not wait for the network', async () => {
  const [near] = await connection()
  const traffic = socketTraffic(() => near)
  near.cork()
  near.write('12345')
  expect(traffic.isFull).toBe(false)
  near.uncork()
  expect(traffic).toMatchObject({ sentBytes: 5, isFull: false })
})

test('a client without a socket shows nothing', () => {
  expect(socketTraffic(() => undefined)).toEqual({ receivedBytes: 0, sentBytes: 0, isFull: false })
})
