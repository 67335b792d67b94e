import type { StorageDriver } from '@cairnkit/core'
import { createMemoryDriver } from '@cairnkit/memory'

/** A storage that stops answering when it is told so. */
export function stallingDriver(): { readonly driver: StorageDriver; readonly stall: () => void } {
  const inner = createMemoryDriver()
  let isStalled = false
  const unless = async <T>(call: () => Promise<T>): Promise<T> =>
    isStalled ? await new Promise<never>(() => {}) : await call()
  return {
    stall: () => {
      isStalled = true
    },
    driver: {
      name: inner.name,
      capabilities: inner.capabilities,
      open: async (options) => await inner.open(options),
      close: async (options) => await inner.close(options),
      read: async (...args) => await unless(async () => await inner.read(...args)),
      commit: async (...args) => await unless(async () => await inner.commit(...args)),
      drop: async (...args) => await unless(async () => await inner.drop(...args)),
      async *partitions(prefix, options) {
        const ids = inner.partitions(prefix, options)[Symbol.asyncIterator]()
        for (;;) {
          const next = await unless(async () => await ids.next())
          if (next.done === true) return
          yield next.value
        }
      },
      classify: (cause) => inner.classify(cause),
      [Symbol.asyncDispose]: async () => await inner[Symbol.asyncDispose](),
    },
  }
}
