import { describeOwnConnections } from '../../redis-kernel/test/clients/own-connections.js'
import { createIoredisDriver } from '../src/index.js'

describeOwnConnections(createIoredisDriver)
