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
        /belongs to { sentinel }, or redis\+sentinel/,
      ],
      'a Sentinel user of a cluster': [
        { cluster: { nodes }, sentinelUsername: 'u' },
        /belongs to { sentinel }/,
      ],
      'an option that does not exist': [
        { url: 'redis://h', keyprefix: 'a' },
        /keyprefix: no such option.*keyPrefix/,
      ],
      'another scheme': [{ url: `https://u:${SECRET}@h` }, /no server is named by https:.*redis:\/\/host/],
      'a password in the query': [
        { url: `redis://h?password=${SECRET}` },
        /no parameter is named "password": write it before the "@"/,
      ],
      'the query of another program': [
        { url: 'rediss://h?ssl_cert_reqs=none' },
        /no parameter is named "ssl_cert_reqs": name the authority with tlsCaFile/,
      ],
      'TLS in the query': [{ url: 'redis://h?tls=true' }, /for TLS write rediss:\/\/ in front/],
      'a raw slash in the password': [{ url: `redis://:${SECRET}/=@h` }, /write it as %2F/],
      'quotation marks': [{ url: '"redis://h"' }, /it stands in quotation marks/],
      'no scheme': [{ url: '127.0.0.1:6379' }, /begins with no scheme/],
      nothing: [{ url: '' }, /it is empty/],
      'another kind of address': [{ url: 'redis://h?family=5' }, /family: expected 4, 6, or 0/],
      'TLS to a socket': [{ url: 'rediss+unix:///run/redis.sock' }, /without TLS/],
      'a socket without a path': [{ url: 'unix://' }, /unix:\/\/\/path/],
      'another client': [
        {
          url: `redis://h?client=${create({ url: 'redis://h' }).name === 'ioredis' ? 'node-redis' : 'ioredis'}`,
        },
        /client=.* in it, and this is the driver of/,
      ],
      'a setting twice': [{ url: 'redis://h?poolSize=2', poolSize: 1 }, /poolSize is given twice/],
      'several hosts': [{ url: 'redis://a,b' }, /write redis\+cluster/],
      'a host without a name': [{ url: 'redis+cluster://a,,b' }, /one of the hosts has no name/],
      'an authority without TLS': [{ url: 'redis://h', tlsCaFile: '/x' }, /tlsCaFile without TLS/],
      'a name with a space': [{ url: 'redis://h', clientName: 'a b' }, /clientName: expected printable/],
      'a duplicate of nothing': [{ url: 'redis://h', duplicate: true }, /duplicate goes with client/],
      'a name for a client that is used': [
        { client: {}, clientName: 'a' },
        /clientName cannot go with client: .*duplicate: true/,
      ],
      'an unknown option of Sentinels': [
        { sentinel: { name: 'm', nodes, password: 'x' } },
        /sentinel has no option "password"/,
      ],
      'a database that is no number': [{ url: 'redis://h/abc' }, /path is the number of a database/],
      'a broken password': [{ url: `redis://u:%zz${SECRET}@h` }, /write it as %25/],
      'no nodes': [{ cluster: { nodes: [] } }, /cluster\.nodes: expected at least one/],
      'a node without a port': [{ cluster: { nodes: [{ host: 'h' }] } }, /cluster\.nodes\[0\]: expected/],
      'no name': [{ sentinel: { nodes } }, /sentinel\.name/],
      'a time of zero': [
        { url: 'redis://h', commandTimeoutMs: 0 },
        /commandTimeoutMs must be a whole number of milliseconds from 1/,
      ],
      'no connections': [
        { url: 'redis://h', poolSize: 0 },
        /poolSize must be a whole number of connections from 1/,
      ],
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

  describe('urls as people have them', () => {
    it.each([
      ...[
        'redis://h',
        'rediss://h',
        'valkey://h',
        'valkeys://h:1/2',
        'REDIS://h',
        ' redis://h\n',
        'redis://h/',
      ],
      ...[
        'redis://[::1]:6379',
        'redis://h?family=0',
        'redis://h/0?family=6',
        'redis://h?db=3',
        'unix:///run/r.sock',
      ],
      ...['redis+unix:///run/r.sock?db=1', 'unix://user:pass@/run/r.sock', 'valkey+sentinel://a,b:1/name'],
      ...['rediss+cluster://a,b?poolSize=2', 'redis://default:a%2Fb@h?connectTimeoutMs=10&clientName=x'],
    ])('%j', (url) => {
      expect(() => create({ url })).not.toThrow()
    })
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
