import type { Clock } from './clock.js'
import { aborted, withDeadline } from './driver/deadline.js'
import { DriverFault } from './driver/driver-fault.js'
import type { PartitionId } from './driver/partition-id.js'
import type { CallOptions, StorageDriver } from './driver/storage-driver.js'
import { type StorageObserver, notifyCall, notifyRetry } from './observer.js'
import { type RetryPolicy, runWithRetry } from './retry.js'
import { type Classification, StorageError, type StorageOperation } from './storage-error.js'
import { tellWarnings } from './warnings.js'

export interface CallerSettings {
  readonly timeoutMs: number
  readonly policy: Required<RetryPolicy>
  readonly observer: StorageObserver | undefined
  readonly clock: Clock
  readonly random: () => number
}

export interface Call<T> {
  readonly operation: StorageOperation
  readonly partition: PartitionId
  /** Whether the call may be made again when its effect is unknown. */
  readonly repeatable: boolean
  readonly rejected?: (result: T) => boolean
  /** What to say instead when an earlier attempt had an unknown effect, which a result of the last one cannot tell. */
  readonly afterUnknown?: (result: T) => T
}

interface Subject {
  readonly driver: string
  readonly operation: StorageOperation
  readonly partition: PartitionId | undefined
}

/** The one way to a driver: time limit, retries, one wrapping of errors, one report to the observer. */
export class StorageCaller {
  readonly #driver: StorageDriver
  readonly #settings: CallerSettings

  constructor(driver: StorageDriver, settings: CallerSettings) {
    this.#driver = driver
    this.#settings = settings
  }

  /** What `check` gives, which runs before anything is sent: a fault is wrapped, a mistake of the caller is a `TypeError`. */
  checked<T>(operation: StorageOperation, partition: PartitionId, check: (driver: StorageDriver) => T): T {
    try {
      return check(this.#driver)
    } catch (cause) {
      if (!DriverFault.isInstance(cause)) throw cause
      throw this.#wrap(cause, cause, { driver: this.#driver.name, operation, partition }, 1)
    }
  }

  async call<T>(
    call: Call<T>,
    options: CallOptions,
    attempt: (driver: StorageDriver, attempt: CallOptions) => Promise<T>,
  ): Promise<T> {
    const { clock, observer } = this.#settings
    const subject = { driver: this.#driver.name, operation: call.operation, partition: call.partition }
    const startedAt = clock.now()
    const outcome = await runWithRetry<T>({
      attempt: (timeLeftMs) => {
        if (options.signal?.aborted === true) throw notSent(options.signal)
        const sent = attempt(this.#driver, { ...options, timeoutMs: timeLeftMs })
        return withDeadline(sent, timeLeftMs, options.signal).catch((late: unknown) => lastWord(sent, late))
      },
      classify: (cause) => this.#classify(cause),
      repeatable: call.repeatable,
      policy: this.#settings.policy,
      timeoutMs: options.timeoutMs ?? this.#settings.timeoutMs,
      signal: options.signal,
      clock,
      random: this.#settings.random,
      onRetry: (failed, classification, delayMs) =>
        notifyRetry(observer, { ...subject, attempt: failed, errorCode: classification.code, delayMs }),
    })
    notifyCall(observer, () => ({
      ...subject,
      durationMs: clock.now() - startedAt,
      attempts: outcome.attempts,
      outcome: !outcome.ok ? 'error' : call.rejected?.(outcome.value) === true ? 'rejected' : 'ok',
      errorCode: outcome.ok ? undefined : outcome.classification.code,
    }))
    tellWarnings(this.#driver, observer)
    if (outcome.ok) {
      return outcome.ambiguous ? (call.afterUnknown?.(outcome.value) ?? outcome.value) : outcome.value
    }
    throw this.#wrap(outcome.cause, outcome.classification, subject, outcome.attempts)
  }

  /** Ids of partitions, each within the time of a call. Not retried: what was yielded cannot be taken back. */
  async *list(prefix: string, options: CallOptions): AsyncGenerator<PartitionId> {
    const timeoutMs = options.timeoutMs ?? this.#settings.timeoutMs
    const ids = this.#driver.partitions(prefix, options)[Symbol.asyncIterator]()
    let isOver = false
    try {
      for (;;) {
        const next = await withDeadline(ids.next(), timeoutMs, options.signal)
        isOver = next.done === true
        if (next.done === true) return
        yield next.value
      }
    } catch (cause) {
      isOver = true
      const subject = { driver: this.#driver.name, operation: 'partitions' as const, partition: undefined }
      throw this.#wrap(cause, this.#classify(cause), subject, 1)
    } finally {
      // The consumer has seen enough. A driver that does not answer would end only when it does.
      if (!isOver) void Promise.allSettled([ids.return?.()])
    }
  }

  #classify(cause: unknown): Classification {
    return DriverFault.isInstance(cause) ? cause : this.#driver.classify(cause)
  }

  #wrap(cause: unknown, classification: Classification, subject: Subject, attempts: number): StorageError {
    const { partition, ...rest } = subject
    const reason = cause instanceof Error && cause.message !== '' ? cause.message : 'no reason was given'
    return new StorageError({
      ...rest,
      ...(partition === undefined ? {} : { partition }),
      code: classification.code,
      disposition: classification.disposition,
      ...(classification.advice === undefined ? {} : { advice: classification.advice }),
      attempts,
      reason: reason.replace(/\.$/, ''),
      cause,
    })
  }
}

/**
 * Settles as `sent` does if that is now, and fails with `late` if it is not. A driver that keeps to its time gives up in
 * the same moment, and knows more of the reason.
 */
function lastWord<T>(sent: Promise<T>, late: unknown): Promise<T> {
  if (!DriverFault.isInstance(late) || late.code !== 'timeout') throw late
  return Promise.race([sent, new Promise<never>((_resolve, reject) => void setImmediate(reject, late))])
}

function notSent(signal: AbortSignal): DriverFault {
  return new DriverFault({ code: 'aborted', disposition: 'permanent' }, aborted(signal).message)
}
