import type { StorageErrorCode, StorageOperation } from './storage-error.js'

interface StorageEvent {
  readonly driver: string
  readonly operation: StorageOperation
  /** The id of the partition: it holds the thread id, so keep it out of metric labels. */
  readonly partition: string | undefined
}

export interface CallEvent extends StorageEvent {
  /** From the call to its end, waiting between attempts included, without time in which this process stood still. */
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

/** A commit that was applied on the primary, and that fewer copies hold than were asked for (`onTimeout: 'warn'`). */
export interface UnderReplicatedEvent extends StorageEvent {
  readonly replicas: number
  readonly acknowledgedReplicas: number
  /** Whether it was also to be on disk. */
  readonly fsync: boolean
  readonly fsynced: boolean
  /** How long was waited, in milliseconds. */
  readonly timeoutMs: number
}

/**
 * Hears what the storage does; for metrics, traces and logs. Called synchronously, so keep it short. What it throws
 * becomes a process warning and never reaches the caller.
 */
export interface StorageObserver {
  onCall?(event: CallEvent): void
  onRetry?(event: RetryEvent): void
  /** Without it, the first such commit of a keyspace becomes a process warning. */
  onUnderReplicated?(event: UnderReplicatedEvent): void
}

/** `event` is asked only if somebody listens. */
export function notifyCall(observer: StorageObserver | undefined, event: () => CallEvent): void {
  if (observer?.onCall !== undefined) guard(() => observer.onCall?.(event()))
}

export function notifyRetry(observer: StorageObserver | undefined, event: RetryEvent): void {
  guard(() => observer?.onRetry?.(event))
}

export function notifyUnderReplicated(observer: StorageObserver, event: UnderReplicatedEvent): void {
  guard(() => observer.onUnderReplicated?.(event))
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
