import { describeRefusedScripts } from '../../redis-kernel/test/clients/refused-scripts.js'
import { createNodeRedisDriver } from '../src/index.js'

describeRefusedScripts(createNodeRedisDriver)
