import { describeConnectFailures } from '../../redis-kernel/test/clients/connect-failures.js'
import { createIoredisDriver } from '../src/index.js'

describeConnectFailures(createIoredisDriver)
