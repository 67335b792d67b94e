import { describeRecovery } from '../../redis-kernel/test/clients/recovery.js'
import { createTransport } from '@cairnkit/redis-kernel/connections'
import { nodeRedis } from '../src/library.js'

describeRecovery((plan) => createTransport(nodeRedis, plan))
