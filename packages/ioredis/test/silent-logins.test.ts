import { describeSilentLogins } from '../../redis-kernel/test/clients/silent-logins.js'
import { createIoredisDriver } from '../src/index.js'

describeSilentLogins(createIoredisDriver)
