import type { StorageDriver } from '@cairnkit/core'
import { createIoredisDriver } from '@cairnkit/ioredis'
import { createNodeRedisDriver } from '@cairnkit/node-redis'
import type { LabNode } from '@cairnkit/redis-lab'
import type { Replicated } from './stage.js'

/** A driver with three connections to each server. */
export function pooledDriver({ storage, servers }: Replicated, keyPrefix: string): StorageDriver {
  const create = storage.client === 'ioredis' ? createIoredisDriver : createNodeRedisDriver
  const { lab } = servers
  const poolSize = 3
  switch (lab.kind) {
    case 'standalone':
      return create({ url: lab.url, keyPrefix, poolSize })
    case 'standalone-tls': {
      const { username, password, ca } = lab
      const url = `rediss://localhost:${lab.nodes[0].port}`
      return create({ url, username, password, tls: { ca }, keyPrefix, poolSize })
    }
    case 'sentinel':
      return create({ sentinel: { name: lab.name, nodes: addresses(lab.sentinels) }, keyPrefix, poolSize })
    case 'cluster':
      return create({ cluster: { nodes: addresses(lab.nodes) }, keyPrefix, poolSize })
  }
}

function addresses(nodes: readonly LabNode[]): { host: string; port: number }[] {
  return nodes.map(({ host, port }) => ({ host, port }))
}
