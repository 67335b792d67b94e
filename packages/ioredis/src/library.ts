import type { ClientPackage } from '@cairnkit/redis-kernel/connections'
import { givenClient } from './given-client.js'
import { connectionOf } from './connection-of.js'
import { clusterClient } from './cluster.js'
import { classifyIoredisError } from './errors.js'
import type { IoredisClient } from './options.js'
import { standaloneClient } from './standalone.js'
import { trafficOf } from './traffic.js'

export const ioredis: ClientPackage<IoredisClient> = {
  name: 'ioredis',
  standalone: standaloneClient,
  cluster: clusterClient,
  given: givenClient,
  connectionOf,
  trafficOf,
  classify: classifyIoredisError,
}
