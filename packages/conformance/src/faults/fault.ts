/** How a connection ends: closed in good order (FIN), or reset (RST). */
export type Ending = 'close' | 'reset'

/**
 * Where a connection is cut, relative to the request that is hit.
 *
 * - `before-send`: no byte of the request reaches the server
 * - `after-send`: the server executes the request and answers, but no byte of the answer is passed on
 * - `after-reply`: the whole answer is passed on
 *
 * Earlier requests are answered first. Later requests may or may not have been executed.
 */
export type CutPoint = 'before-send' | 'after-send' | 'after-reply'

/** All cut points. */
export const cutPoints: readonly CutPoint[] = Object.freeze(['before-send', 'after-send', 'after-reply'])

/** Cuts the connection. */
export interface CutFault {
  readonly type: 'cut'
  readonly at: CutPoint
  /** How the connection ends. @default 'close' */
  readonly by?: Ending
}

/**
 * Delays a request or its reply, and all that comes behind it. A delayed request is delivered even if its sender has gone, as
 * in a real network.
 */
export interface DelayFault {
  readonly type: 'delay'
  readonly of: 'request' | 'reply'
  readonly ms: number
}

/** Delays until a promise resolves, for tests whose result must not depend on the speed of a machine. */
export interface HoldFault {
  readonly type: 'hold'
  readonly of: 'request' | 'reply'
  /** Called once, when the proxy holds the request or reply back. */
  readonly onHeld: () => void
  /** Ends the delay when it resolves. It must not reject. */
  readonly until: Promise<void>
}

/** Drops the request and all behind it. The connection stays open, and nothing more is answered on it. */
export interface BlackHoleFault {
  readonly type: 'black-hole'
}

/** What happens to one request. */
export type RequestFault = CutFault | DelayFault | HoldFault | BlackHoleFault

/** What happens to one connection before anything is sent: it is reset at once, or never answers. */
export type ConnectionFault = { readonly type: 'reset' } | BlackHoleFault
