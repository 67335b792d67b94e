import { describeConnectFailures } from '../../redis-kernel/test/clients/connect-failures.js'
import { createNodeRedisDriver } from '../src/index.js'

describeConnectFailures(createNodeRedisDriver)
