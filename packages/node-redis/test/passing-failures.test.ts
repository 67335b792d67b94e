import { describePassingFailures } from '../../redis-kernel/test/clients/passing-failures.js'
import { createNodeRedisDriver } from '../src/index.js'

describePassingFailures(createNodeRedisDriver)
