import { describeOptions } from '../../redis-kernel/test/clients/options.js'
import { createIoredisDriver } from '../src/index.js'

describeOptions(createIoredisDriver)
