import { RedisSaver } from '@langchain/langgraph-checkpoint-redis'

export async function openRedisSaver(url) {
  const saver = await RedisSaver.fromUrl(url)
  return { saver, close: async () => await saver.end() }
}
