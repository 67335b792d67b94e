import { MemorySaver } from '@langchain/langgraph-checkpoint'
import type { Contender } from './contender.js'
import { DoesNothingSaver } from './does-nothing-saver.js'

export const doesNothing: Contender = {
  id: 'does-nothing',
  title: 'does nothing',
  needs: [],
  history: false,
  durable: false,
  async open() {
    const saver = new DoesNothingSaver()
    return { saver, reopen: async () => saver, close: async () => {} }
  },
}

export const memorySaver: Contender = {
  id: 'memory-saver',
  title: 'MemorySaver',
  needs: [],
  history: true,
  durable: false,
  async open() {
    const saver = new MemorySaver()
    return {
      saver,
      reopen: async () => saver,
      storedBytes: async () => bytesIn(saver.storage) + bytesIn(saver.writes),
      close: async () => {},
    }
  },
}

/** The bytes of all byte arrays in a tree of objects and arrays. */
function bytesIn(tree: unknown): number {
  if (tree instanceof Uint8Array) return tree.byteLength
  if (typeof tree !== 'object' || tree === null) return 0
  return Object.values(tree).reduce((sum: number, child) => sum + bytesIn(child), 0)
}
