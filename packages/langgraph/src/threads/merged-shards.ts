import { type CallOptions, type Partition, compareTuples } from '@cairnkit/core'
import type { Position } from './cursor.js'
import { type ThreadQuery, prefixOf } from './thread-query.js'

/** One shard, as far as it was read. */
interface Lane {
  readonly shard: Partition
  readonly found: Position[]
  /** Where the next read begins; `'end'`: all was read. */
  from: Position | undefined | 'end'
}

/** The threads of all shards that a query selects, in its order. Reads the shards together, and only as far as it is asked. */
export class MergedShards {
  readonly #lanes: readonly Lane[]
  readonly #query: ThreadQuery
  readonly #options: CallOptions

  /** `after`: the thread behind which it begins. */
  constructor(
    shards: readonly Partition[],
    query: ThreadQuery,
    after: Position | undefined,
    options: CallOptions,
  ) {
    this.#lanes = shards.map((shard) => ({ shard, found: [], from: after }))
    this.#query = query
    this.#options = options
  }

  /** The next `count` threads; fewer: there are no more. One round trip, if one of them does not need more of a shard. */
  async next(count: number): Promise<readonly Position[]> {
    const taken: Position[] = []
    while (taken.length < count) {
      await Promise.all(
        this.#lanes
          .filter(({ found, from }) => found.length === 0 && from !== 'end')
          .map(async (lane) => await this.#fill(lane, count)),
      )
      // A shard of which nothing is left may have the next one.
      let next = this.#first()
      if (next === undefined) break
      while (next !== undefined && taken.length < count) {
        taken.push(next.found.shift() as Position)
        if (next.found.length === 0 && next.from !== 'end') break
        next = this.#first()
      }
    }
    return taken
  }

  #first(): Lane | undefined {
    let first: Lane | undefined
    for (const lane of this.#lanes) {
      const [position] = lane.found
      if (position === undefined) continue
      const [least] = first?.found ?? []
      if (least === undefined || this.#isBefore(position, least)) first = lane
    }
    return first
  }

  #isBefore(left: Position, right: Position): boolean {
    const order = compareTuples([left.time, left.threadId], [right.time, right.threadId])
    return this.#query.isDescending ? order > 0 : order < 0
  }

  async #fill(lane: Lane, limit: number): Promise<void> {
    const prefix = prefixOf(this.#query)
    const { from } = lane
    if (from === 'end') return
    const bounds =
      from === undefined
        ? {}
        : this.#query.isDescending
          ? { until: [...prefix, from.time, from.threadId] }
          : { from: [...prefix, from.time, from.threadId, ''] }
    const [{ records }] = await lane.shard.read(
      [{ type: 'range', prefix, ...bounds, limit, reverse: this.#query.isDescending }],
      this.#options,
    )
    for (const { key } of records) {
      const [time, threadId] = key.slice(prefix.length)
      if (time !== undefined && threadId !== undefined) lane.found.push({ time, threadId })
    }
    lane.from = records.length < limit ? 'end' : lane.found.at(-1)
  }
}
