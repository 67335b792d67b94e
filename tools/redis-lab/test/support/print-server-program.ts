import { ensureRedisServer } from '../../src/index.js'

process.stdout.write(await ensureRedisServer())
