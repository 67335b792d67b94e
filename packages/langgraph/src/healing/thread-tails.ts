import type { Epoch } from '@cairnkit/core'
import { ThreadTail } from './thread-tail.js'

/** How many threads, and how many bytes of them, a process keeps; those that were idle longest go first. */
const MAX_THREADS = 1024
const MAX_BYTES = 32 * 1024 * 1024

/** The tails of the threads that this process has written to of late. */
export class ThreadTails {
  readonly #threads = new Map<string, ThreadTail>()
  #bytes = 0

  get bytes(): number {
    return this.#bytes
  }

  recall(threadId: string): ThreadTail | undefined {
    return this.#threads.get(threadId)
  }

  /** Lets `change` add to the tail of a thread under `epoch`; what was kept under another epoch is forgotten. */
  extend(threadId: string, epoch: Epoch, change: (tail: ThreadTail) => void): void {
    const known = this.#threads.get(threadId)
    const tail = known?.epoch === epoch ? known : new ThreadTail(epoch)
    this.forget(threadId)
    change(tail)
    this.#threads.set(threadId, tail)
    this.#bytes += tail.bytes
    for (const oldest of this.#threads.keys()) {
      if (this.#threads.size <= MAX_THREADS && this.#bytes <= MAX_BYTES) return
      this.forget(oldest)
    }
  }

  /** The tail of a thread that was stored again as a whole is that of the new one. */
  rebase(threadId: string, from: Epoch, to: Epoch): void {
    const tail = this.#threads.get(threadId)
    if (tail?.epoch === from) tail.epoch = to
  }

  forget(threadId: string): void {
    this.#bytes -= this.#threads.get(threadId)?.bytes ?? 0
    this.#threads.delete(threadId)
  }
}
