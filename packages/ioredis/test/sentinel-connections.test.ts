import { createTransport } from '@cairnkit/redis-kernel/connections'
import { describeSentinelConnections } from '../../redis-kernel/test/clients/sentinel-connections.js'
import { ioredis } from '../src/library.js'

describeSentinelConnections((plan) => createTransport(ioredis, plan))
