import { AsyncLocalStorage } from 'node:async_hooks'

const offsets = new AsyncLocalStorage<number>()
let running = 0
let trueNow = Date.now

/**
 * Runs `work` as on a server whose clock differs from the true one by `offsetMs`. Whatever else runs in the process keeps
 * the true clock, or has one of its own.
 */
export async function atClock<T>(offsetMs: number, work: () => Promise<T>): Promise<T> {
  if (running === 0) {
    trueNow = Date.now
    Date.now = () => trueNow() + (offsets.getStore() ?? 0)
  }
  running += 1
  try {
    return await offsets.run(offsetMs, work)
  } finally {
    running -= 1
    if (running === 0) Date.now = trueNow
  }
}
