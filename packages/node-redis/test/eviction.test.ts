import { describeEviction } from '../../redis-kernel/test/clients/eviction.js'
import { createNodeRedisDriver } from '../src/index.js'

describeEviction(createNodeRedisDriver)
