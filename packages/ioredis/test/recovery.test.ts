import { describeRecovery } from '../../redis-kernel/test/clients/recovery.js'
import { ioredisTransport } from '../src/transport.js'

describeRecovery(ioredisTransport)
