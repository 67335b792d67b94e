import { setImmediate as nextTurn } from 'node:timers/promises'
import { MemorySaver } from '@langchain/langgraph-checkpoint'
import { seededRandom } from '../../src/faults/seeded-random.js'

const MOST_TURNS = 6

/** A `MemorySaver` whose calls end some turns of the event loop later, each one as many as the seed says. */
export function slowSaver(seed: number): MemorySaver {
  const random = seededRandom(seed)
  const slow = async <T>(call: Promise<T>): Promise<T> => {
    const result = await call
    for (let turns = Math.floor(random() * MOST_TURNS); turns > 0; turns--) await nextTurn()
    return result
  }
  return new (class extends MemorySaver {
    override getTuple(...args: Parameters<MemorySaver['getTuple']>): ReturnType<MemorySaver['getTuple']> {
      return slow(super.getTuple(...args))
    }
    override put(...args: Parameters<MemorySaver['put']>): ReturnType<MemorySaver['put']> {
      return slow(super.put(...args))
    }
    override putWrites(...args: Parameters<MemorySaver['putWrites']>): ReturnType<MemorySaver['putWrites']> {
      return slow(super.putWrites(...args))
    }
  })()
}
