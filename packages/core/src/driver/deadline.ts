import { DriverFault } from './driver-fault.js'
import { type ProcessTime, type Waiter, processTime } from './process-time.js'

/**
 * Settles as `work` does, unless `timeoutMs` passes or `signal` fires first. Only time in which this process runs passes,
 * and what has arrived is read before the time is up. The work itself is not stopped, so its effect is unknown then: both
 * faults are ambiguous.
 *
 * `what` is what to say when the time is up, or gives the fault: it gets the words for how much time that was.
 */
export function withDeadline<T>(
  work: Promise<T>,
  timeoutMs: number,
  signal: AbortSignal | undefined,
  what: string | ((within: string) => DriverFault) = 'no answer',
  time: ProcessTime = processTime,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const standstill = standstillSince(time)
    const waiter: Waiter = {
      dueAt: time.now() + timeoutMs,
      due: () => {
        end()
        const within = `within ${Math.round(timeoutMs)} ms${standstill()}`
        reject(typeof what === 'string' ? timedOut(`${what} ${within}`) : what(within))
      },
    }
    const end = (): void => {
      if (!time.remove(waiter)) return
      time.release()
      signal?.removeEventListener('abort', onAbort)
    }
    const onAbort = (): void => {
      end()
      reject(aborted(signal))
    }
    time.hold()
    time.add(waiter)
    work.then(
      (value) => {
        end()
        resolve(value)
      },
      (cause: unknown) => {
        end()
        reject(cause as Error)
      },
    )
    if (signal?.aborted === true) onAbort()
    else signal?.addEventListener('abort', onAbort, { once: true })
  })
}

/** A process that stood still for less is not worth a word, in milliseconds. */
const WORTH_TELLING_MS = 100

/** What a message says about the process since now; nothing when it ran all the time. */
export function standstillSince(time: ProcessTime = processTime): () => string {
  const before = time.stoodStillMs()
  return () => {
    const stoodStillMs = Math.round(time.stoodStillMs() - before)
    if (stoodStillMs < WORTH_TELLING_MS) return ''
    return `, not counting ${stoodStillMs} ms in which this process stood still: its event loop was blocked, or the machine busy`
  }
}

export function timedOut(message: string): DriverFault {
  return new DriverFault({ code: 'timeout', disposition: 'ambiguous' }, message)
}

export function aborted(signal: AbortSignal | undefined): DriverFault {
  return new DriverFault({ code: 'aborted', disposition: 'ambiguous' }, 'the call was aborted', {
    cause: signal?.reason,
  })
}

/** For a driver that knows that it has done nothing yet: throws if the call was aborted already. */
export function refuseAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return
  const notMade = { code: 'aborted', disposition: 'permanent' } as const
  throw new DriverFault(notMade, 'the call was aborted before it was made', { cause: signal.reason })
}
