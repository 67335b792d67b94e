import { setTimeout as delay } from 'node:timers/promises'
import { processTime } from './driver/process-time.js'

/** The source of time for a keyspace. It is injected, so that tests need not wait. */
export interface Clock {
  /** Milliseconds, monotonic. */
  now(): number
  /** Resolves after `ms`; rejects when `signal` fires. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** The monotonic clock of the system. */
export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: async (ms, signal) => {
    await delay(ms, undefined, signal === undefined ? {} : { signal })
  },
}

/** A clock that counts only time in which this process runs. Use it for time limits on answers from outside. */
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
