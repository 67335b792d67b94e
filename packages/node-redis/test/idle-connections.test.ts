import { createTransport } from '@cairnkit/redis-kernel/connections'
import { describeIdleConnections } from '../../redis-kernel/test/clients/idle-connections.js'
import { nodeRedis } from '../src/library.js'

describeIdleConnections((plan) => createTransport(nodeRedis, plan))
