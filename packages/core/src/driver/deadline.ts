import { DriverFault } from './driver-fault.js'

/** The largest delay a timer takes; a longer wait is as good as none. */
const MAX_TIMER_MS = 2 ** 31 - 1

/**
 * Settles as `work` does, unless `timeoutMs` passes or `signal` fires first. The work itself is not stopped, so its
 * effect is unknown then: both faults are ambiguous.
 */
export function withDeadline<T>(
  work: Promise<T>,
  timeoutMs: number,
  signal: AbortSignal | undefined,
  what = 'no answer',
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(
      () => {
        signal?.removeEventListener('abort', onAbort)
        // A process that stood still until now has not read what arrived meanwhile.
        setImmediate(() => reject(timedOut(`${what} within ${Math.round(timeoutMs)} ms`)))
      },
      Math.min(timeoutMs, MAX_TIMER_MS),
    )
    const end = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
    }
    const onAbort = (): void => {
      end()
      reject(aborted(signal))
    }
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
