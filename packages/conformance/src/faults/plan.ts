import { Signal } from './signal.js'
import type { ConnectionFault, RequestFault } from './fault.js'

/** A server behind the proxy. */
export interface Address {
  readonly host: string
  readonly port: number
}

export interface ConnectionSeen {
  /** Where the client wants to go. */
  readonly target: Address
  /** Counted from 0, over all targets. */
  readonly connection: number
}

export interface RequestSeen extends ConnectionSeen {
  /** The request as it would be sent. */
  readonly bytes: Buffer
}

/** Decides what happens. Asked once for each connection and once for each request, in their order. */
export interface FaultPlan {
  /** @default every connection is passed on */
  readonly connection?: (seen: ConnectionSeen) => ConnectionFault | undefined
  /** @default every request is passed on */
  readonly request?: (seen: RequestSeen) => RequestFault | undefined
}

/** Passes everything on. */
export const noFaults: FaultPlan = Object.freeze({})

/** Answers nothing, on connections old and new: the servers seem to be gone, and nobody says so. */
export const cutOff: FaultPlan = Object.freeze({
  connection: () => ({ type: 'black-hole' as const }),
  request: () => ({ type: 'black-hole' as const }),
})

/** Tears down every connection, and those that are made. Nothing reaches a server. */
export const refuseAll: FaultPlan = Object.freeze({
  connection: () => ({ type: 'reset' as const }),
  request: () => ({ type: 'cut' as const, at: 'before-send' as const, by: 'reset' as const }),
})

/** A plan that hits one request. */
export interface SingleFault extends FaultPlan {
  /** Whether there was a request to hit. */
  readonly struck: boolean
}

/** Hits the next request, and no other. */
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

/** A plan that holds one request, or its reply, back until it is released. */
export interface HeldRequest extends SingleFault {
  /** Resolves when the proxy holds it back. */
  readonly held: Promise<void>
  /** Lets it go on, and all that came behind it. */
  release(): void
}

/** Holds the next request back, or its reply, and no other. */
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

/** Of every `count` requests hits one, each by one of `faults`; which ones is for `random` to say. */
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
