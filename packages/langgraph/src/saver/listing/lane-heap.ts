import { compareTuples } from '@cairnkit/core'
import type { Lane } from './listing-lane.js'

/** Lanes with a known head, of which the one with the newest is at hand: a binary heap. */
export class LaneHeap {
  readonly #lanes: Lane[] = []

  /** Adds a lane; one without a head has nothing to give. */
  add(lane: Lane): void {
    if (lane.head === undefined) return
    const lanes = this.#lanes
    let at = lanes.push(lane) - 1
    while (at > 0) {
      const above = (at - 1) >> 1
      if (!isNewer(lane, lanes[above] as Lane)) break
      lanes[at] = lanes[above] as Lane
      at = above
    }
    lanes[at] = lane
  }

  /** Takes out the lane with the newest head. */
  take(): Lane | undefined {
    const lanes = this.#lanes
    const [newest] = lanes
    const last = lanes.pop()
    if (last === undefined || lanes.length === 0) return newest
    let at = 0
    for (;;) {
      let below = 2 * at + 1
      if (below >= lanes.length) break
      if (below + 1 < lanes.length && isNewer(lanes[below + 1] as Lane, lanes[below] as Lane)) below++
      if (!isNewer(lanes[below] as Lane, last)) break
      lanes[at] = lanes[below] as Lane
      at = below
    }
    lanes[at] = last
    return newest
  }
}

function isNewer(left: Lane, right: Lane): boolean {
  return compareTuples([left.head ?? ''], [right.head ?? '']) > 0
}
