import { createRequire } from 'node:module'
import type * as five from 'redis-5'

type Client = Pick<typeof five, 'createClient' | 'createClientPool' | 'createCluster'>

const ofRedisFive = createRequire(createRequire(import.meta.url).resolve('redis-5'))

/** `@redis/client` 5, as it comes with `redis` 5. */
export const clientFive = ofRedisFive('@redis/client') as Client
