import { describeClusterAddresses } from '../../redis-kernel/test/clients/cluster-addresses.js'
import { createIoredisDriver } from '../src/index.js'

describeClusterAddresses(createIoredisDriver)
