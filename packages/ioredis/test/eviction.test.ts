import { describeEviction } from '../../redis-kernel/test/clients/eviction.js'
import { createIoredisDriver } from '../src/index.js'

describeEviction(createIoredisDriver)
