import { setTimeout as delay } from 'node:timers/promises'
import { Keyspace } from '@cairnkit/core'
import { startLab } from '@cairnkit/redis-lab'
import { describe, expect, it } from 'vitest'
import { proxied } from '../support/proxied.js'
import { SlowLink } from '../support/servers.js'
import type { CreateDriver } from './client-under-test.js'

const put = { type: 'put', key: ['k'], bytes: Buffer.from('v') } as const
const user = { username: 'rotating', password: 'secret' }
const timeouts = { connectTimeoutMs: 1000, commandTimeoutMs: 1000 }

/** What becomes of connections on which nobody answers to the login. */
export function describeSilentLogins(create: CreateDriver): void {
  describe.each(['standalone', 'cluster'] as const)('a login that is not answered: %s', (kind) => {
    it('is given up, and another connection made', async () => {
      await using lab = await startLab(kind)
      for (const node of lab.nodes)
        await node.command('ACL', 'SETUSER', user.username, 'on', `>${user.password}`, '~*', '&*', '+@all')
      const network = new SlowLink()
      await using proxies = await proxied(network, lab.nodes)
      const { nodes, addressMap } = proxies
      await using driver = create(
        kind === 'cluster'
          ? { cluster: { nodes, addressMap }, ...user, ...timeouts }
          : { url: `redis://127.0.0.1:${nodes[0]?.port}`, ...user, ...timeouts },
      )
      const partition = new Keyspace(driver, ['silent']).partition('p')
      const commit = async (timeoutMs: number): Promise<boolean> =>
        await partition.commit({ mutations: [put] }, { timeoutMs }).then(
          ({ ok }) => ok,
          () => false,
        )
      expect(await commit(20_000)).toBe(true)
      network.stop()
      network.cut()
      // The client connects anew meanwhile, and logs in.
      for (let round = 0; round < 5; round++) {
        expect(await commit(100)).toBe(false)
        await delay(50)
      }
      network.resume()
      expect(await commit(40_000)).toBe(true)
    }, 90_000)
  })
}
