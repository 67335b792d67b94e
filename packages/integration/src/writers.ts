import { type Keyspace, type Partition, StorageError } from '@cairnkit/core'
import type { Lab, LabNode } from '@cairnkit/redis-lab'

/** Writers that go on whatever happens, each with one commit at a time. */
export class Writers {
  /** How often each was acknowledged. */
  readonly counts: number[]
  readonly #gaps: number[]
  readonly #errors: StorageError[] = []
  readonly #running: Promise<unknown>
  #isOver = false

  constructor(partitions: readonly Partition[]) {
    this.counts = partitions.map(() => 0)
    this.#gaps = partitions.map(() => 0)
    this.#running = Promise.all(partitions.map(async (partition, at) => await this.#write(partition, at)))
  }

  /** The longest time between two acknowledgements of each writer, and what went wrong for good. */
  async stop(): Promise<{ readonly gaps: readonly number[]; readonly errors: readonly StorageError[] }> {
    this.#isOver = true
    await this.#running
    return { gaps: this.#gaps, errors: this.#errors }
  }

  async #write(partition: Partition, at: number): Promise<void> {
    let last = performance.now()
    for (let n = 0; !this.#isOver; n++) {
      try {
        await partition.commit({
          mutations: [{ type: 'put', key: [String(n % 100)], bytes: Buffer.alloc(1000, n) }],
        })
        this.counts[at] = n + 1
      } catch (cause) {
        if (!StorageError.isInstance(cause)) throw cause
        this.#errors.push(cause)
      }
      const now = performance.now()
      this.#gaps[at] = Math.max(this.#gaps[at] ?? 0, now - last)
      last = now
    }
  }
}

/** Partitions of the shard of one server. */
export async function partitionsOn(
  lab: Lab,
  primary: LabNode,
  keyspace: Keyspace,
  keyPrefix: string,
  count: number,
): Promise<Partition[]> {
  const partitions: Partition[] = []
  for (let n = 0; partitions.length < count; n++) {
    const partition = keyspace.partition(String(n))
    const key = `${keyPrefix}:{${partition.id}}`
    if (lab.kind === 'cluster' && (await lab.primaryOf(lab.slotOf(key))).name !== primary.name) continue
    partitions.push(partition)
  }
  return partitions
}
