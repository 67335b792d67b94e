import { createTransport } from '@cairnkit/redis-kernel/connections'
import { describeSentinelConnections } from '../../redis-kernel/test/clients/sentinel-connections.js'
import { nodeRedis } from '../src/library.js'

describeSentinelConnections((plan) => createTransport(nodeRedis, plan))
