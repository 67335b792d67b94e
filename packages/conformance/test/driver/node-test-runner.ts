import { after, before, describe, it } from 'node:test'
import { describeStorageDriver } from '@cairnkit/conformance'
import { createMemoryDriver } from '@cairnkit/memory'

/** Run by `node --test` from `runners.test.ts`: the suite under another runner. */
let now = 0

describeStorageDriver(
  { describe, it, beforeAll: before, afterAll: after },
  {
    name: 'memory under node:test',
    createDriver: () => createMemoryDriver({ clock: () => now }),
    model: () => createMemoryDriver(),
    advance: (ms) => {
      now += ms
    },
  },
)
