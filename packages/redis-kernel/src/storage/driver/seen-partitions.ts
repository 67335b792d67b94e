import type { PartitionId } from '@cairnkit/core/driver'

const MAX_PARTITIONS = 4096

/** The partitions that a server has spoken of lately: their keys hold what we wrote, or nothing. */
export class SeenPartitions {
  readonly #ids = new Set<PartitionId>()

  add(id: PartitionId): void {
    if (this.#ids.has(id)) return
    if (this.#ids.size === MAX_PARTITIONS) this.#ids.clear()
    this.#ids.add(id)
  }

  has(id: PartitionId): boolean {
    return this.#ids.has(id)
  }
}
