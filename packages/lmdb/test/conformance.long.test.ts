import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeStorageDriver } from '@cairnkit/conformance'
import { createLmdbDriver } from '@cairnkit/lmdb'
import { createMemoryDriver } from '@cairnkit/memory'
import { tamperWith } from './support/tamper.js'
import { afterAll, beforeAll, describe, it } from 'vitest'

const path = mkdtempSync(join(tmpdir(), 'cairn-lmdb-'))
let now = Date.now()
const createDriver = (): ReturnType<typeof createLmdbDriver> => createLmdbDriver({ path, clock: () => now })

describeStorageDriver(
  { describe, it, beforeAll, afterAll },
  {
    name: 'lmdb',
    createDriver,
    model: () => createMemoryDriver(),
    secondDriver: createDriver,
    advance: (ms) => {
      now += ms
    },
    tamper: tamperWith(path),
    cleanUp: () => rmSync(path, { recursive: true }),
  },
)
