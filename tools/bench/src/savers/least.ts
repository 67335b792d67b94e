import { type Contender, required } from './contender.js'
import { LeastSaver } from './least-saver.js'

export const least: Contender = {
  id: 'least',
  title: 'least: copies, bare ioredis',
  needs: ['redis'],
  redis: 'redis',
  history: false,
  durable: false,
  async open({ redisUrl }) {
    const saver = new LeastSaver(required(redisUrl, 'Redis'))
    return { saver, reopen: async () => saver, close: async () => await saver.close() }
  },
}
