import { describeClusterAddresses } from '../../redis-kernel/test/clients/cluster-addresses.js'
import { createNodeRedisDriver } from '../src/index.js'

describeClusterAddresses(createNodeRedisDriver)
