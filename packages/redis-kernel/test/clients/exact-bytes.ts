import { type ClusterLab, startLab } from '@cairnkit/redis-lab'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RedisAddress, RedisCommand, RedisReply } from '../../src/connections/index.js'

/** A client of a cluster, with the arguments that the driver gives it. */
export interface ByteClient {
  send(key: Uint8Array, command: RedisCommand): Promise<RedisReply>
  /** The ways to send several commands for one key at once. */
  readonly together: Readonly<
    Record<string, (key: Uint8Array, commands: readonly KeyCommand[]) => Promise<unknown>>
  >
  end(): unknown
}

/** A command for one key. */
export type KeyCommand = readonly [name: 'DEL' | 'SET' | 'APPEND', key: Uint8Array, ...more: Uint8Array[]]

/** Of every length that is written in another way, with every byte there is. */
const values = [0, 1, 255, 256, 70_000].map((length) =>
  Buffer.from(Array.from({ length }, (_, at) => at & 0xff)),
)

/** Compared as a whole: an assertion would look at each byte. */
async function isStored(client: ByteClient, key: Uint8Array, value: Buffer): Promise<boolean> {
  const stored = await client.send(key, ['GET', key])
  return stored instanceof Uint8Array && value.equals(stored)
}

/** What becomes of arguments that do not show what they hold. `connect`: by name, each client there is. */
export function describeExactBytes(
  connect: Readonly<Record<string, (nodes: readonly RedisAddress[]) => Promise<ByteClient>>>,
): void {
  describe('arguments that do not show what they hold', () => {
    let lab: ClusterLab
    beforeAll(async () => {
      lab = await startLab('cluster')
    })
    afterAll(() => lab.stop())

    it.each(Object.entries(connect))(
      'reach the server as they are, and the node of their key: %s',
      async (name, connectTo) => {
        const client = await connectTo(lab.nodes.map(({ host, port }) => ({ host, port })))
        for (const [at, value] of values.entries()) {
          const key = Buffer.from(`\xff{${name} ${at}}\0é`)
          await client.send(key, ['SET', key, value])
          expect(await isStored(client, key, value)).toBe(true)
          for (const [way, sendTogether] of Object.entries(client.together)) {
            const commands = [
              ['DEL', key],
              ['SET', key, value],
              ['APPEND', key, value],
            ] as const
            await sendTogether(key, commands)
            expect([way, await isStored(client, key, Buffer.concat([value, value]))]).toEqual([way, true])
          }
        }
        await client.end()
      },
    )
  })
}
