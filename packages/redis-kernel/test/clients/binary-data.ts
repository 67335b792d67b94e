import { describe, expect, it } from 'vitest'
import { type RedisTransport, planConnection } from '../../src/connections/index.js'
import type { CreateTransport, DriverOptions } from './client-under-test.js'
import { type RecoveryLabs, addresses } from './recovery-kit.js'

/** Bytes are sent and come back as they are. */
export function describeBinaryData(create: CreateTransport, labs: () => RecoveryLabs): void {
  const transportOf = (options: DriverOptions): RedisTransport => create(planConnection(options))

  describe('binary data', () => {
    it('comes back as it is, in arguments that are no Buffer too', async () => {
      const { standalone, cluster } = labs()
      const value = Uint8Array.from({ length: 256 }, (_, at) => at)
      for (const options of [
        { url: `redis://127.0.0.1:${standalone.nodes[0].port}/3` },
        { cluster: { nodes: addresses(cluster.nodes) } },
      ]) {
        const transport = transportOf(options)
        await transport.connect({ timeoutMs: 5000 })
        const key = Uint8Array.from([0, 255, 13, 10])
        expect(await transport.send(key, ['SET', key, value])).toEqual(Buffer.from('OK'))
        expect(await transport.send(key, ['GET', key])).toEqual(Buffer.from(value))
        expect(await transport.send(key, ['EVAL', 'return { KEYS[1], 7, false }', '1', key])).toEqual([
          Buffer.from(key),
          7,
          null,
        ])
        expect((await transport.primaries()).length).toBe('cluster' in options ? 3 : 1)
        await transport.close()
      }
    })
  })
}
