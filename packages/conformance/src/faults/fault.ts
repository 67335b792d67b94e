/** How a connection ends: in good order (FIN), or torn down (RST). */
export type Ending = 'close' | 'reset'

/**
 * Where a connection is cut, seen from the request that is hit.
 *
 * - `before-send`: no byte of it reached the server
 * - `after-send`: the server has answered it, so it was carried out, and not a byte of the answer is passed on
 * - `after-reply`: its whole answer is passed on
 *
 * What was sent before it is answered first. What was sent behind it may or may not have been carried out.
 */
export type CutPoint = 'before-send' | 'after-send' | 'after-reply'

export const cutPoints: readonly CutPoint[] = Object.freeze(['before-send', 'after-send', 'after-reply'])

export interface CutFault {
  readonly type: 'cut'
  readonly at: CutPoint
  /** @default 'close' */
  readonly by?: Ending
}

/**
 * Holds a request or its reply back, and with it all that comes behind. A request that was held back is delivered even
 * if its sender has gone meanwhile, as a network does.
 */
export interface DelayFault {
  readonly type: 'delay'
  readonly of: 'request' | 'reply'
  readonly ms: number
}

/** As a delay, until somebody says that it is over: for tests whose verdict must not depend on how fast a machine is. */
export interface HoldFault {
  readonly type: 'hold'
  readonly of: 'request' | 'reply'
  /** Told once, when the proxy holds it back. */
  readonly onHeld: () => void
  /** Ends it when it resolves. It must not reject. */
  readonly until: Promise<void>
}

/** The request and all behind it are swallowed; the connection stays open, and nothing more is answered on it. */
export interface BlackHoleFault {
  readonly type: 'black-hole'
}

/** What happens to one request. */
export type RequestFault = CutFault | DelayFault | HoldFault | BlackHoleFault

/** What happens to one connection, before anything is sent: it is torn down at once, or never answers. */
export type ConnectionFault = { readonly type: 'reset' } | BlackHoleFault
