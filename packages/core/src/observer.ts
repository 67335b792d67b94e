import type { StorageErrorCode, StorageOperation } from './storage-error.js'

interface StorageEvent {
  readonly driver: string
  readonly operation: StorageOperation
  /** The id of the partition: it holds the thread id, so keep it out of metric labels. */
  readonly partition: string | undefined
}

export interface CallEvent extends StorageEvent {
  /** From the call to its end, waiting between attempts included. */
  readonly durationMs: number
  readonly attempts: number
  /** `rejected`: a check of the commit failed, nothing was applied. */
  readonly outcome: 'ok' | 'rejected' | 'error'
  /** Only with `outcome: 'error'`. */
  readonly errorCode: StorageErrorCode | undefined
}

export interface RetryEvent extends StorageEvent {
  /** The attempt that failed, from 1. */
  readonly attempt: number
  readonly errorCode: StorageErrorCode
  /** How long the next attempt waits. */
  readonly delayMs: number
}

/**
 * Hears what the storage does; for metrics, traces and logs. Called synchronously, so keep it short. What it throws
 * becomes a process warning and never reaches the caller.
 */
export interface StorageObserver {
  onCall?(event: CallEvent): void
  onRetry?(event: RetryEvent): void
}

export function notifyCall(observer: StorageObserver | undefined, event: CallEvent): void {
  guard(() => observer?.onCall?.(event))
}

export function notifyRetry(observer: StorageObserver | undefined, event: RetryEvent): void {
  guard(() => observer?.onRetry?.(event))
}

function guard(notify: () => void): void {
  try {
    notify()
  } catch (cause) {
    process.emitWarning(
      `A storage observer threw: ${cause instanceof Error ? cause.message : String(cause)}`,
      'CairnWarning',
    )
  }
}
