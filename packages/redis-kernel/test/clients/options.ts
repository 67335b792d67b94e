import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { CreateDriver, DriverOptions } from './client-under-test.js'

const nodes = [{ host: '127.0.0.1', port: 6379 }]
const SECRET = 'correct-horse'

/** What a driver refuses before it connects, and what it never shows. */
export function describeOptions(create: CreateDriver): void {
  describe('options that contradict each other', () => {
    const cases: Record<string, readonly [options: object, says: RegExp]> = {
      'no target': [{}, /exactly one of url, sentinel, cluster, client; got none/],
      'two targets': [{ url: 'redis://h', cluster: { nodes } }, /got url and cluster/],
      'a client and a password': [
        { client: {}, password: SECRET },
        /password cannot go with client: set it on the client/,
      ],
      'a client and a pool size': [{ client: {}, poolSize: 2 }, /poolSize cannot go with client/],
      'a client and TLS': [{ client: {}, tls: true }, /tls cannot go with client/],
      'a database of a cluster': [
        { cluster: { nodes }, db: 2 },
        /db: 2 with cluster: a cluster has only database 0/,
      ],
      'a password twice': [{ url: `redis://:${SECRET}@h`, password: SECRET }, /password is given twice/],
      'a database twice': [{ url: 'redis://h/1', db: 2 }, /db is given twice/],
      'TLS options for a plain url': [{ url: 'redis://h', tls: true }, /use rediss:\/\//],
      'a Sentinel password without Sentinels': [
        { url: 'redis://h', sentinelPassword: SECRET },
        /belongs to { sentinel }/,
      ],
      'a Sentinel user of a cluster': [
        { cluster: { nodes }, sentinelUsername: 'u' },
        /belongs to { sentinel }/,
      ],
      'an option that does not exist': [
        { url: 'redis://h', keyprefix: 'a' },
        /keyprefix: no such option.*keyPrefix/,
      ],
      'another scheme': [{ url: `https://u:${SECRET}@h` }, /expected redis:\/\/.*got "https:\/\/\*\*\*@h"/],
      'a scheme of connect()': [{ url: 'redis+cluster://h' }, /pass { sentinel } or { cluster }/],
      'a query': [{ url: `redis://h?password=${SECRET}` }, /belong into the options/],
      'a database that is no number': [{ url: 'redis://h/abc' }, /path is the number of a database/],
      'a broken password': [{ url: `redis://u:%zz${SECRET}@h` }, /write it as %25/],
      'no nodes': [{ cluster: { nodes: [] } }, /cluster\.nodes: expected at least one/],
      'a node without a port': [{ cluster: { nodes: [{ host: 'h' }] } }, /cluster\.nodes\[0\]: expected/],
      'no name': [{ sentinel: { nodes } }, /sentinel\.name/],
      'a time of zero': [
        { url: 'redis://h', commandTimeoutMs: 0 },
        /commandTimeoutMs must be a positive whole number/,
      ],
      'no connections': [{ url: 'redis://h', poolSize: 0 }, /poolSize must be a positive whole number/],
      'a prefix with braces': [{ url: 'redis://h', keyPrefix: '{a}' }, /keyPrefix/],
    }
    for (const [name, [options, says]] of Object.entries(cases)) {
      it(name, () => {
        const attempt = (): unknown => create(options as DriverOptions)
        expect(attempt).toThrow(TypeError)
        expect(attempt).toThrow(says)
        expect(attempt).not.toThrow(SECRET)
      })
    }
  })

  describe('secrets', () => {
    it('are nowhere to be read', () => {
      const drivers = [
        create({ url: `redis://u:${SECRET}@127.0.0.1` }),
        create({ cluster: { nodes }, password: SECRET }),
        create({ sentinel: { name: 'm', nodes }, password: SECRET, sentinelPassword: SECRET }),
      ]
      for (const driver of drivers) {
        expect(JSON.stringify(driver)).not.toContain(SECRET)
        expect(inspect(driver, { depth: 20, showHidden: true })).not.toContain(SECRET)
      }
    })
  })
}
