import type { StorageWarning } from './driver/storage-driver.js'
import type { StorageErrorCode, StorageOperation } from './storage-error.js'

interface StorageEvent {
  readonly driver: string
  readonly operation: StorageOperation
  /** The id of the partition. It contains the thread id, so keep it out of metric labels. */
  readonly partition: string | undefined
}

/** A call that has ended. */
export interface CallEvent extends StorageEvent {
  /** The time of the call with its waits between attempts, without time in which this process stood still. */
  readonly durationMs: number
  /** How many attempts were made. */
  readonly attempts: number
  /** `rejected`: a check of the commit did not hold, and nothing was applied. */
  readonly outcome: 'ok' | 'rejected' | 'error'
  /** Defined only with `outcome: 'error'`. */
  readonly errorCode: StorageErrorCode | undefined
}

/** An attempt that failed and is going to be repeated. */
export interface RetryEvent extends StorageEvent {
  /** The attempt that failed, from 1. */
  readonly attempt: number
  readonly errorCode: StorageErrorCode
  /** How long the next attempt waits, in milliseconds. */
  readonly delayMs: number
}

/** A commit that is on the primary, but that fewer replicas have than were asked for (`onTimeout: 'warn'`). */
export interface UnderReplicatedEvent extends StorageEvent {
  /** How many replicas were asked for. */
  readonly replicas: number
  /** How many replicas have the commit. */
  readonly acknowledgedReplicas: number
  /** Whether disks were asked for as well. */
  readonly fsync: boolean
  /** Whether the commit is on the disks that were asked for. */
  readonly fsynced: boolean
  /** How long the call waited, in milliseconds. */
  readonly timeoutMs: number
}

/** Something about the storage that may lose data, found when its driver connected. */
export interface WarningEvent extends StorageWarning {
  readonly driver: string
}

/**
 * Is told what the storage does, for metrics, traces and logs. Its methods are called synchronously, so keep them short. An
 * error that a method throws becomes a process warning and never reaches the caller.
 */
export interface StorageObserver {
  /** A call has ended. */
  onCall?(event: CallEvent): void
  /** An attempt has failed and is going to be repeated. */
  onRetry?(event: RetryEvent): void
  /** Too few replicas have a commit. Without this method, the first such commit of a keyspace becomes a process warning. */
  onUnderReplicated?(event: UnderReplicatedEvent): void
  /**
   * The storage may lose data, as it is set up. Each warning of a driver comes once, with the first call that ends after the
   * driver has found it. Without this method, it becomes a process warning.
   */
  onWarning?(event: WarningEvent): void
}

/** Calls `event` only if the observer has a method for it. */
export function notifyCall(observer: StorageObserver | undefined, event: () => CallEvent): void {
  if (observer?.onCall !== undefined) tellObserver('storage', () => observer.onCall?.(event()))
}

export function notifyRetry(observer: StorageObserver | undefined, event: RetryEvent): void {
  tellObserver('storage', () => observer?.onRetry?.(event))
}

export function notifyUnderReplicated(observer: StorageObserver, event: UnderReplicatedEvent): void {
  tellObserver('storage', () => observer.onUnderReplicated?.(event))
}

/** Calls a method of an observer of `what`. What it throws becomes a process warning and never reaches the caller. */
export function tellObserver(what: 'storage' | 'saver', tell: () => void): void {
  try {
    tell()
  } catch (cause) {
    process.emitWarning(
      `A ${what} observer threw: ${cause instanceof Error ? cause.message : String(cause)}`,
      'CairnWarning',
    )
  }
}
