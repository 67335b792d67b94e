import type { Epoch, Tuple } from '@cairnkit/core'
import { BoundedMap } from '../bounds/bounded-map.js'
import { ThreadTail } from './thread-tail.js'

/** How much of what is kept may be of one thread. */
const SHARE_OF_THREAD = 1 / 8

/** The tails of the threads that this process has written to; those that were idle longest go first. */
export class ThreadTails {
  readonly #maxBytes: number
  readonly #threads: BoundedMap<string, ThreadTail>

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
    this.#threads = new BoundedMap(maxBytes)
  }

  get bytes(): number {
    return this.#threads.costBytes
  }

  get(threadId: string): ThreadTail | undefined {
    return this.#threads.peek(threadId)
  }

  /** Lets `change` add to the tail of a thread under `epoch`; what was kept under another epoch is forgotten. */
  extend(threadId: string, epoch: Epoch, change: (tail: ThreadTail) => void): void {
    const known = this.get(threadId)
    const isOf = known?.epoch === epoch || known?.isPast(epoch) === true
    const tail = isOf ? known : new ThreadTail(epoch, this.#maxBytes * SHARE_OF_THREAD)
    change(tail)
    this.#threads.set(threadId, tail, tail.bytes)
  }

  /** The tail of a thread that was stored again as a whole is that of the new one. */
  rebase(threadId: string, from: Epoch, to: Epoch): void {
    const tail = this.get(threadId)
    if (tail?.epoch === from) tail.epoch = to
  }

  /** Forgets the records that were removed on purpose. */
  prune(threadId: string, from: Epoch, to: Epoch, isDropped: (key: Tuple) => boolean): void {
    const tail = this.get(threadId)
    if (tail?.epoch !== from) return
    tail.prune(isDropped, to)
    this.#threads.set(threadId, tail, tail.bytes)
  }

  forget(threadId: string): void {
    this.#threads.delete(threadId)
  }
}
