/**
 * Whether a failed call was applied, and whether trying again can help.
 *
 * - `transient`: certainly not applied; may work later
 * - `ambiguous`: perhaps applied
 * - `permanent`: not applied; trying again fails until somebody acts
 */
export type Disposition = 'transient' | 'ambiguous' | 'permanent'

const BRAND = Symbol.for('@cairnkit/core/CairnError')

/**
 * The base class of all errors of Cairn, about the storage and about runs, so that a handler needs one test. Test with
 * {@link CairnError.isInstance}: `instanceof` fails when two copies of this package are loaded. A mistake in the arguments
 * is a `TypeError` instead.
 */
export abstract class CairnError extends Error {
  /** What happened. Codes are API; messages are not. */
  abstract readonly code: string
  /** Whether the failed call was applied, and whether trying again can help. */
  abstract readonly disposition: Disposition

  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    Object.defineProperty(this, BRAND, { value: true })
  }

  /** Whether `value` is an error of Cairn, of any copy of this package. */
  static isInstance(this: void, value: unknown): value is CairnError {
    return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[BRAND] === true
  }
}
