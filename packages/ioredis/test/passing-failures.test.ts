import { describePassingFailures } from '../../redis-kernel/test/clients/passing-failures.js'
import { createIoredisDriver } from '../src/index.js'

describePassingFailures(createIoredisDriver)
