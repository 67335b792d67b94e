import { describeRefusedScripts } from '../../redis-kernel/test/clients/refused-scripts.js'
import { createIoredisDriver } from '../src/index.js'

describeRefusedScripts(createIoredisDriver)
