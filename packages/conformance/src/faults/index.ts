/** The entry point for tests that break connections on purpose: a proxy, plans for it, and a journal of what calls reported. */
export type {
  BlackHoleFault,
  ConnectionFault,
  CutFault,
  CutPoint,
  DelayFault,
  Ending,
  HoldFault,
  RequestFault,
} from './fault.js'
export { cutPoints } from './fault.js'
export { FaultProxy, type FaultProxyOptions } from './fault-proxy.js'
export { type FramedReply, type Framing, chunks } from './framing.js'
export { type Claim, Journal, untilItWorks } from './journal.js'
export {
  type Address,
  type ConnectionSeen,
  type FaultPlan,
  type HeldRequest,
  type RequestSeen,
  type SingleFault,
  cutOff,
  holdNext,
  noFaults,
  once,
  oneInEvery,
  refuseAll,
} from './plan.js'
export { resp } from './resp.js'
export { seededRandom } from './seeded-random.js'
