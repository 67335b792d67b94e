import { Cluster, Redis } from 'ioredis'
import * as five from 'ioredis-5'
import { describeDuplicates } from '../../redis-kernel/test/clients/duplicates.js'
import { createIoredisDriver } from '../src/index.js'

const lazyConnect = true

describeDuplicates<Redis | Cluster | five.Redis | five.Cluster>({
  createDriver: createIoredisDriver,
  isIdle: (client) => client.status === 'wait',
  standalone: ({ host, port, url, user }) => ({
    'by settings': () => new Redis({ lazyConnect, host, port, ...user, db: 3, keyPrefix: 'app:' }),
    'by a URL': () => new Redis(url, { lazyConnect, maxRetriesPerRequest: null }),
    'by a URL, of major 5': () => new five.Redis(url, { lazyConnect }),
  }),
  tls: ({ port, ca, user }) => ({
    'by settings': () => new Redis({ lazyConnect, host: 'localhost', port, ...user, tls: { ca } }),
  }),
  sentinel: ({ name, nodes, user }) => {
    const ofSentinels = { sentinelUsername: user.username, sentinelPassword: user.password }
    const options = { lazyConnect, name, sentinels: [...nodes], ...user, ...ofSentinels }
    return {
      'of major 6': () => new Redis(options),
      'of major 5': () => new five.Redis(options),
    }
  },
  cluster: ({ host, port, url, user }) => {
    const options = { lazyConnect, redisOptions: user }
    return {
      'by addresses': () => new Cluster([{ host, port }], options),
      'by URLs': () => new Cluster([url], { lazyConnect }),
      'by ports': () => new Cluster([port], options),
      'by addresses, of major 5': () => new five.Cluster([{ host, port }], options),
    }
  },
  refused: {
    'addresses that a function gives': [
      () => {
        const natMap = (key: string) => ({ host: key, port: 1 })
        return new Cluster([{ host: '127.0.0.1', port: 1 }], { lazyConnect, natMap })
      },
      /natMap is a function: pass { sentinel } or { cluster }/,
    ],
  },
  any: () => new Redis({ lazyConnect }),
})
