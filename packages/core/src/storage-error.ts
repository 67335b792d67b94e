import { CairnError, type Disposition } from './cairn-error.js'

/**
 * Why a storage call failed. Codes are API and closed; messages are not API.
 *
 * - `unavailable`: no connection, or the server cannot serve now
 * - `timeout`: no answer in time
 * - `aborted`: the caller's signal fired
 * - `auth`: credentials are missing or wrong
 * - `forbidden`: the user may not do this (ACL)
 * - `read-only`: the server takes no writes now (replica, failover)
 * - `replication`: applied on the primary, but too few replicas (or disks) had it in the time that was asked for
 * - `full`: the server is out of memory or disk
 * - `corrupt`: stored bytes are damaged, or something refers to a missing object
 * - `unreadable`: the stored bytes are intact, but no value can be made of them here (an unknown class, another serde)
 * - `format`: the data was written by a newer version of Cairn
 * - `foreign`: the key holds something that Cairn did not write
 * - `limit`: the data is larger than the driver accepts
 * - `unsupported`: the server cannot do what the driver needs (no scripts, too old, not Redis)
 * - `closed`: the driver was closed before the call
 * - `unknown`: none of these
 */
export const storageErrorCodes = [
  'unavailable',
  'timeout',
  'aborted',
  'auth',
  'forbidden',
  'read-only',
  'replication',
  'full',
  'corrupt',
  'unreadable',
  'format',
  'foreign',
  'limit',
  'unsupported',
  'closed',
  'unknown',
] as const

/** One of {@link storageErrorCodes}. */
export type StorageErrorCode = (typeof storageErrorCodes)[number]

/** What a failure means. */
export interface Classification {
  readonly code: StorageErrorCode
  readonly disposition: Disposition
  /** A sentence that says what to do, if the storage knows more than the code says. @default the advice of the code */
  readonly advice?: string
}

/** The method of a driver that failed. */
export type StorageOperation = 'open' | 'close' | 'read' | 'commit' | 'drop' | 'partitions'

/** What a {@link StorageError} is made of. */
export interface StorageErrorDetails extends Classification {
  /** The name of the driver. */
  readonly driver: string
  readonly operation: StorageOperation
  /** The id of the partition; `undefined` if the call names none. */
  readonly partition?: string
  /** How many attempts were made. @default 1 */
  readonly attempts?: number
  /** What happened, in a few words. */
  readonly reason: string
  /** The original error. Only its name, message, stack and code are kept: its arguments may be secret. */
  readonly cause?: unknown
}

const BRAND = Symbol.for('@cairnkit/core/StorageError')

const advice: Readonly<Record<StorageErrorCode, string>> = {
  unavailable: 'Check that the server runs and can be reached from here.',
  timeout:
    'Check the load of the server and the network, or allow more time: with timeoutMs for the whole call, with commandTimeoutMs of a driver for a server that is silent.',
  aborted: 'The caller gave up.',
  auth: 'Check the user name and the password.',
  forbidden: "Give the user the commands and the key pattern that Cairn's README lists.",
  'read-only': 'Check that the address leads to the primary; during a failover this passes.',
  replication:
    'Check that the replicas run and keep up; ask for fewer, allow more time, or set onTimeout to "warn".',
  full: 'Give the server more room (memory, disk), or let threads expire.',
  corrupt: 'The stored data is damaged: restore it from a backup, or delete the thread.',
  unreadable:
    'The stored bytes are intact: read them with the code and the serde that wrote them, or go on from an earlier checkpoint.',
  format: 'The data was written by a newer version: upgrade the @cairnkit packages of this process.',
  foreign: "What is there is another program's: choose another keyPrefix, or another path.",
  limit: 'Store less in one value, or raise the limit if the driver has an option for it.',
  unsupported: 'Check the version of the server and the commands it allows.',
  closed: 'The driver was closed before this call: keep it open as long as it is in use.',
  unknown: 'See the cause.',
}

/**
 * A failure of the storage. Test for it with {@link StorageError.isInstance}: `instanceof` fails when two copies of this
 * package are loaded. Its message says what happened, where, and what to do.
 */
export class StorageError extends CairnError {
  override readonly name: string = 'StorageError'
  readonly code: StorageErrorCode
  readonly disposition: Disposition
  readonly driver: string
  readonly operation: StorageOperation
  readonly partition: string | undefined
  readonly attempts: number

  constructor(details: StorageErrorDetails) {
    super(messageOf(details), details.cause === undefined ? undefined : { cause: plainCause(details.cause) })
    this.code = details.code
    this.disposition = details.disposition
    this.driver = details.driver
    this.operation = details.operation
    this.partition = details.partition
    this.attempts = details.attempts ?? 1
    Object.defineProperty(this, BRAND, { value: true })
  }

  /** Whether `value` is a `StorageError`, of any copy of this package. */
  static override isInstance(this: void, value: unknown): value is StorageError {
    return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[BRAND] === true
  }
}

function messageOf(details: StorageErrorDetails): string {
  const where = details.partition === undefined ? '' : ` of ${shorten(details.partition)}`
  const tries =
    details.attempts !== undefined && details.attempts > 1 ? ` after ${details.attempts} attempts` : ''
  const effect =
    details.disposition === 'ambiguous' && details.operation !== 'read' ? ' It may have been applied.' : ''
  return `${details.driver}: ${details.operation}${where} failed (${details.code})${tries}: ${details.reason}.${effect} ${details.advice ?? advice[details.code]}`
}

function shorten(text: string): string {
  return text.length <= 120 ? text : `${text.slice(0, 100)}… (${text.length} characters)`
}

/**
 * A copy of the cause that carries its words and nothing else: clients hang the arguments of the failed command on
 * their errors, and those hold passwords and customers' conversations.
 */
function plainCause(cause: unknown): Error {
  if (!(cause instanceof Error))
    return new Error(typeof cause === 'string' ? cause : 'an error that is no Error')
  const plain = new Error(cause.message)
  plain.name = cause.name
  if (cause.stack !== undefined) plain.stack = cause.stack
  const code = (cause as { code?: unknown }).code
  if (typeof code === 'string') Object.defineProperty(plain, 'code', { value: code, enumerable: true })
  return plain
}
