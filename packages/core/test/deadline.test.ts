import { once } from 'node:events'
import * as net from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { withDeadline } from '../src/driver/deadline.js'

/** Holds the event loop, as a long computation of the application does, or a machine that is busy with others. */
function standStill(ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until);
}

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

test('an answer that arrived while the process stood still is heard, though its time is up', async () => {
  const [near, far] = await connection()
  const answer = once(near, 'data').then(([bytes]) => String(bytes))
  far.write('answer')
  const call = withDeadline(answer, 10, undefined)
  standStill(40)
  expect(await call).toBe('answer')
})

test('no answer ends when the time is up', async () => {
  const [near] = await connection()
  const call = withDeadline(once(near, 'data'), 10, undefined, 'the server did not answer')
  await expect(call).rejects.toMatchObject({ code: 'timeout', disposition: 'ambiguous' })
  await expect(call).rejects.toThrow('the server did not answer within 10 ms')
})
