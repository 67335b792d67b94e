import { describeStorageDriver } from '@cairnkit/conformance'
import { createMemoryDriver } from '@cairnkit/memory'
import { afterAll, beforeAll, describe, it } from 'vitest'

let now = 0

describeStorageDriver(
  { describe, it, beforeAll, afterAll },
  {
    name: 'memory',
    createDriver: () => createMemoryDriver({ clock: () => now }),
    model: () => createMemoryDriver(),
    advance: (ms) => {
      now += ms
    },
  },
)
