import { describeRecovery } from '../../redis-kernel/test/clients/recovery.js'
import { createTransport } from '@cairnkit/redis-kernel/connections'
import { ioredis } from '../src/library.js'

describeRecovery((plan) => createTransport(ioredis, plan))
