import { describeRecovery } from '../../redis-kernel/test/clients/recovery.js'
import { nodeRedisTransport } from '../src/transport.js'

describeRecovery(nodeRedisTransport)
