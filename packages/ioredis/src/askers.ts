import type { Redis } from 'ioredis'
import { trafficOf } from './traffic.js'

/** The connections over which a cluster asks for its slots: copies of those of its nodes, one for each time. */
export class Askers {
  readonly #open = new Set<Redis>()
  #receivedBefore = 0

  add(copy: Redis): void {
    this.#open.add(copy)
    copy.once('end', () => {
      this.#receivedBefore += trafficOf(copy)?.receivedBytes ?? 0
      this.#open.delete(copy)
    })
  }

  /** What has come over all of them. */
  get receivedBytes(): number {
    return [...this.#open].reduce(
      (sum, copy) => sum + (trafficOf(copy)?.receivedBytes ?? 0),
      this.#receivedBefore,
    )
  }
}
