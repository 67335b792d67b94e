import type { StorageDriver } from '@cairnkit/core'
import { createLmdbDriver } from '@cairnkit/lmdb'
import type { LabFacts } from '@cairnkit/redis-lab'
import type { CellStorage } from './cells.js'
import { redisDriver } from './redis-driver.js'

/** A storage that any process of this machine can open, as plain JSON. */
export type RemoteStorage =
  | { readonly kind: 'directory'; readonly path: string }
  | {
      readonly kind: 'lab'
      readonly storage: Extract<CellStorage, { readonly kind: 'redis' }>
      readonly facts: LabFacts
      readonly keyPrefix: string
    }

export function openRemote(remote: RemoteStorage): StorageDriver {
  switch (remote.kind) {
    case 'directory':
      return createLmdbDriver({ path: remote.path })
    case 'lab':
      return redisDriver(remote.storage, remote.facts, remote.keyPrefix)
  }
}
