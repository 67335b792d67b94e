/** A program: what a driver says of a command whose connection is lost, and of one that finds no server. */
import { once } from 'node:events'
import { type Socket, connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { StorageDriver } from '@cairnkit/core'
import { createIoredisDriver } from '@cairnkit/ioredis'
import { createNodeRedisDriver } from '@cairnkit/node-redis'

const put = { mutations: [{ type: 'put', key: ['k'], bytes: Buffer.from('v'), refs: [] }] } as const

async function meaningOf(driver: StorageDriver): Promise<string> {
  return await driver.commit('p', put).then(
    () => 'it was answered',
    (cause: unknown) => {
      const { code, disposition } = driver.classify(cause)
      return `${code} ${disposition}`
    },
  )
}

async function say(admin: Socket, command: string): Promise<void> {
  admin.write(`${command}\r\n`)
  await delay(200)
}

async function main(client: string, port: number): Promise<void> {
  const create = client === 'ioredis' ? createIoredisDriver : createNodeRedisDriver
  const driver = create({ url: `redis://127.0.0.1:${port}` })
  await driver.open()
  const admin = connect(port, '127.0.0.1')
  admin.on('data', () => undefined)
  // The server goes away in the end.
  admin.on('error', () => undefined)
  await once(admin, 'connect')
  await say(admin, 'CLIENT PAUSE 5000 WRITE')
  const inFlight = meaningOf(driver)
  await delay(200)
  await say(admin, 'CLIENT KILL TYPE normal SKIPME yes')
  const lost = await inFlight
  await say(admin, 'SHUTDOWN NOSAVE NOW FORCE')
  const away = await meaningOf(driver)
  await driver.close()
  console.log(JSON.stringify({ lost, away }))
}

void main(process.argv[2] ?? '', Number(process.argv[3]))
