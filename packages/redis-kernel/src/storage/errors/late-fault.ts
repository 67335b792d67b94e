import { DriverFault, showBytes } from '@cairnkit/core/driver'
import type { Progress } from '../../redis-transport.js'

/**
 * The time is up, and there was no answer. It may be applied. `within`: the words for how much time that was; `option`: what
 * gives more of it.
 */
export function lateFault(
  within: string,
  progress: Progress | undefined,
  option: 'timeoutMs' | 'commandTimeoutMs',
): DriverFault {
  const reason = `the server did not answer ${within}`
  const meaning = { code: 'timeout', disposition: 'ambiguous' } as const
  const { receivedBytes = 0, ahead = 0, waitedMs = 0 } = progress ?? {}
  if (receivedBytes === 0) {
    const advice = `Check the load of the server and the network, or allow more time with ${option}.`
    return new DriverFault({ ...meaning, advice }, reason)
  }
  const behind = ahead === 0 ? '' : `, behind ${ahead} other ${ahead === 1 ? 'command' : 'commands'}`
  const came = `${showBytes(receivedBytes)} came on its connection in the last ${Math.round(waitedMs)} ms`
  const pool = ahead === 0 ? '' : '; a larger poolSize lets small calls pass by large ones'
  const advice = `The server answers, and the link takes its time: allow more time with ${option}${pool}.`
  return new DriverFault({ ...meaning, advice }, `${reason}${behind}: ${came}`)
}
