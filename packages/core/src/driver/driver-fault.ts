import { CairnError, type Disposition } from '../cairn-error.js'
import type { Classification, StorageErrorCode } from '../storage-error.js'

const BRAND = Symbol.for('@cairnkit/core/DriverFault')

/**
 * A failure that a driver detects itself and can classify: damaged data, a limit, a deadline, a closed driver. `Keyspace`
 * wraps it in a `StorageError`, as any other cause.
 */
export class DriverFault extends CairnError {
  override readonly name: string = 'DriverFault'
  readonly code: StorageErrorCode
  readonly disposition: Disposition
  declare readonly advice?: string

  constructor(classification: Classification, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = classification.code
    this.disposition = classification.disposition
    if (classification.advice !== undefined) this.advice = classification.advice
    Object.defineProperty(this, BRAND, { value: true })
  }

  static override isInstance(this: void, value: unknown): value is DriverFault {
    return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[BRAND] === true
  }
}

/** Makes the fault for damaged bytes, or for a reference to a missing object. */
export function corrupt(message: string): DriverFault {
  return new DriverFault({ code: 'corrupt', disposition: 'permanent' }, message)
}

/** Makes the fault for a call after `close`. */
export function closed(): DriverFault {
  return new DriverFault({ code: 'closed', disposition: 'permanent' }, 'the driver is closed')
}

/** The classification of a cause that the driver does not know: the call may have been applied. */
export const unknownFailure: Classification = Object.freeze({ code: 'unknown', disposition: 'ambiguous' })
