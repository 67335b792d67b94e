import { describeOptions } from '../../redis-kernel/test/clients/options.js'
import { createNodeRedisDriver } from '../src/index.js'

describeOptions(createNodeRedisDriver)
