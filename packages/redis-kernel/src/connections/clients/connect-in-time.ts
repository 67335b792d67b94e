import { DriverFault, showBytes, withDeadline } from '@cairnkit/core/driver'
import type { ConnectOptions } from '../../redis-transport.js'
import { CONNECT_ADVICE, SILENT_SERVER_HINT } from '../failures/connection-log.js'

/**
 * Settles as `work` does, which connects to `target`, or fails when the time is up or the caller has given up. While bytes
 * come, somebody who has the time may wait for more than one such time. `receivedBytes`: how many have come so far.
 */
export async function connectInTime(
  work: Promise<void>,
  target: string,
  options: ConnectOptions,
  receivedBytes: () => number,
): Promise<void> {
  const { timeoutMs, signal, isWaitedFor } = options
  const before = receivedBytes()
  let seen = before
  for (;;) {
    try {
      await withDeadline(work, timeoutMs, signal)
      return
    } catch (error) {
      if (!DriverFault.isInstance(error) || error.disposition !== 'ambiguous') throw error
      // Nothing of ours is sent while connecting, so nothing can have been applied.
      if (error.code === 'aborted')
        throw new DriverFault({ code: 'aborted', disposition: 'permanent' }, 'connecting was aborted')
      const received = receivedBytes()
      const goesOn = received !== seen && isWaitedFor?.() === true
      if (!goesOn) throw notInTime(target, timeoutMs, received - before)
      seen = received
    }
  }
}

function notInTime(target: string, timeoutMs: number, received: number): DriverFault {
  const meaning = { code: 'timeout', disposition: 'transient', advice: CONNECT_ADVICE } as const
  return new DriverFault(
    meaning,
    received > 0
      ? `not connected to ${target} after ${timeoutMs} ms, though ${showBytes(received)} came from there: the link is slow`
      : `no answer from ${target} within ${timeoutMs} ms; ${SILENT_SERVER_HINT}`,
  )
}
