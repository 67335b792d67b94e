import type { Channel } from '@cairnkit/redis-kernel'
import { type Caller, leasedChannelOf } from './calls.js'

/** A Sentinel with what its own commands are made of; the public lease takes 30 to 50 ms of computing. */
export interface SentinelCaller extends Caller {
  _execute<T>(isReadonly: false, work: (client: Caller) => Promise<T>): Promise<T>
}

/** The connection to the primary, whichever that is by the time. */
export function sentinelChannel(sentinel: SentinelCaller): Channel {
  return leasedChannelOf(sentinel, (work) => sentinel._execute(false, work))
}
