/**
 * What is known of the effect of a failed call.
 *
 * `transient`: surely not applied, may work later. `ambiguous`: applied or not. `permanent`: not applied, and trying
 * again is of no use until somebody acts.
 */
export type Disposition = 'transient' | 'ambiguous' | 'permanent'

const BRAND = Symbol.for('@cairnkit/core/CairnError')

/**
 * What all errors of Cairn share, those of the storage and those about runs: a handler needs one test. Use
 * {@link CairnError.isInstance}: `instanceof` fails when two copies of this package are loaded. A mistake in the arguments
 * is a `TypeError`, and not one of these.
 */
export abstract class CairnError extends Error {
  /** What happened. Codes are API; messages are not. */
  abstract readonly code: string
  /** What is known of the effect of the call that failed. */
  abstract readonly disposition: Disposition

  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    Object.defineProperty(this, BRAND, { value: true })
  }

  static isInstance(this: void, value: unknown): value is CairnError {
    return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[BRAND] === true
  }
}
