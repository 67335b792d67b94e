import { describeOwnConnections } from '../../redis-kernel/test/clients/own-connections.js'
import { createNodeRedisDriver } from '../src/index.js'

describeOwnConnections(createNodeRedisDriver)
