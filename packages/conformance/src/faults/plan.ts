import { Signal } from './signal.js'
import type { ConnectionFault, RequestFault } from './fault.js'

/** A server behind the proxy. */
export interface Address {
  readonly host: string
  readonly port: number
}

/** A connection that a plan is asked about. */
export interface ConnectionSeen {
  /** The server that the client wants to reach. */
  readonly target: Address
  /** Counted from 0, over all targets. */
  readonly connection: number
}

/** A request that a plan is asked about. */
export interface RequestSeen extends ConnectionSeen {
  /** The request as it would be sent. */
  readonly bytes: Buffer
}

/** Decides the faults. It is asked once for each connection and once for each request, in their order. */
export interface FaultPlan {
  /** @default every connection is passed on */
  readonly connection?: (seen: ConnectionSeen) => ConnectionFault | undefined
  /** @default every request is passed on */
  readonly request?: (seen: RequestSeen) => RequestFault | undefined
}

/** Passes everything on. */
export const noFaults: FaultPlan = Object.freeze({})

/** Answers nothing, on old and new connections, as if the network were cut without notice. */
export const cutOff: FaultPlan = Object.freeze({
  connection: () => ({ type: 'black-hole' as const }),
  request: () => ({ type: 'black-hole' as const }),
})

/** Resets every connection, old and new. Nothing reaches a server. */
export const refuseAll: FaultPlan = Object.freeze({
  connection: () => ({ type: 'reset' as const }),
  request: () => ({ type: 'cut' as const, at: 'before-send' as const, by: 'reset' as const }),
})

/** A plan that hits one request. */
export interface SingleFault extends FaultPlan {
  /** Whether the fault has hit a request. */
  readonly struck: boolean
}

/** Makes a plan that hits the next request only. */
export function once(fault: RequestFault): SingleFault & Required<Pick<FaultPlan, 'request'>> {
  let struck = false
  return {
    get struck() {
      return struck
    },
    request: () => {
      if (struck) return undefined
      struck = true
      return fault
    },
  }
}

/** A plan that holds back one request or its reply until it is released. */
export interface HeldRequest extends SingleFault {
  /** Resolves when the proxy holds the request or reply back. */
  readonly held: Promise<void>
  /** Passes it on, with all that came behind it. */
  release(): void
}

/** Makes a plan that holds back the next request, or its reply, and no other. */
export function holdNext(of: 'request' | 'reply'): HeldRequest {
  const held = new Signal()
  const released = new Signal()
  const plan = once({ type: 'hold', of, onHeld: held.fire, until: released.fired })
  return {
    get struck() {
      return plan.struck
    },
    request: plan.request,
    held: held.fired,
    release: released.fire,
  }
}

/** Makes a plan that hits one in every `count` requests with one of `faults`. `random` decides which ones. */
export function oneInEvery(
  count: number,
  faults: readonly [RequestFault, ...RequestFault[]],
  random: () => number,
): FaultPlan {
  let seen = 0
  let chosen = 0
  return {
    request: () => {
      const at = seen++ % count
      if (at === 0) chosen = Math.floor(random() * count)
      return at === chosen ? faults[Math.floor(random() * faults.length)] : undefined
    },
  }
}
