import { setTimeout as delay } from 'node:timers/promises'
import { processTime } from './driver/process-time.js'

/** Time as the keyspace sees it. Injected, so that tests need not wait. */
export interface Clock {
  /** Milliseconds, monotonic. */
  now(): number
  /** Resolves after `ms`; rejects when `signal` fires. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: async (ms, signal) => {
    await delay(ms, undefined, signal === undefined ? {} : { signal })
  },
}

/** Only time in which this process runs passes: for what somebody else is given to answer. */
export const processClock: Clock = {
  now: () => processTime.now(),
  sleep: async (ms, signal) => {
    processTime.hold()
    try {
      await systemClock.sleep(ms, signal)
    } finally {
      processTime.release()
    }
  },
}
