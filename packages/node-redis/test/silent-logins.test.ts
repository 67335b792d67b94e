import { describeSilentLogins } from '../../redis-kernel/test/clients/silent-logins.js'
import { createNodeRedisDriver } from '../src/index.js'

describeSilentLogins(createNodeRedisDriver)
