import type { StorageTamper } from '@cairnkit/conformance'
import { encodeKey } from '@cairnkit/core/driver'
import type { Access } from '../../src/access.js'
import { acquire, release } from '../../src/environment.js'
import { objectKey, partitionHash } from '../../src/layout.js'
import { RecordTree } from '../../src/record-tree.js'

/** Changes bytes in the database at `path`, behind the driver. */
export function tamperWith(path: string): StorageTamper {
  return {
    deleteObject: (_driver, partition, id) =>
      inDatabase(path, (access) => {
        const key = objectKey(partitionHash(partition), id)
        found(access.get(key))
        access.remove(key)
      }),
    damageObject: (_driver, partition, id) =>
      inDatabase(path, (access) => {
        const key = objectKey(partitionHash(partition), id)
        access.put(key, withLastByteChanged(found(access.get(key))))
      }),
    damageRecord: (_driver, partition, key) =>
      inDatabase(path, (access) => {
        const tree = new RecordTree(access, partitionHash(partition))
        tree.set(encodeKey(key), withLastByteChanged(found(tree.get(encodeKey(key)))))
      }),
    ageRecord: (_driver, partition, key) =>
      inDatabase(path, (access) => {
        const tree = new RecordTree(access, partitionHash(partition))
        tree.set(encodeKey(key), Uint8Array.from(found(tree.get(encodeKey(key)))).fill(255, 0, 1))
      }),
  }
}

export async function inDatabase<T>(path: string, work: (access: Access) => T): Promise<T> {
  const environment = await acquire(path, undefined)
  try {
    return await environment.write(work)
  } finally {
    await release(environment)
  }
}

function found(stored: Uint8Array | undefined): Uint8Array {
  if (stored === undefined) throw new Error('There is nothing to damage')
  return stored
}

function withLastByteChanged(stored: Uint8Array): Uint8Array {
  const changed = Uint8Array.from(stored)
  changed[changed.length - 1] = (changed.at(-1) as number) ^ 1
  return changed
}
