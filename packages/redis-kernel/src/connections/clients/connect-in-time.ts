import { DriverFault, withDeadline } from '@cairnkit/core/driver'
import type { TransportCallOptions } from '../../redis-transport.js'
import { SILENT_SERVER_HINT } from '../failures/connection-log.js'

/** Settles as `work` does, which connects to `target`, or fails when the time is up or the caller has given up. */
export async function connectInTime(
  work: Promise<void>,
  target: string,
  options: TransportCallOptions,
): Promise<void> {
  try {
    await withDeadline(work, options.timeoutMs, options.signal)
  } catch (error) {
    if (!DriverFault.isInstance(error) || error.disposition !== 'ambiguous') throw error
    // Nothing of ours is sent while connecting, so nothing can have been applied.
    throw error.code === 'aborted'
      ? new DriverFault({ code: 'aborted', disposition: 'permanent' }, 'connecting was aborted')
      : new DriverFault(
          { code: 'timeout', disposition: 'transient' },
          `no answer from ${target} within ${options.timeoutMs} ms; ${SILENT_SERVER_HINT}`,
        )
  }
}
