import { CairnError, type Disposition } from '@cairnkit/core'

/** Why a call on a thread was refused, although the storage works. Codes are API; messages are not. */
export type ThreadErrorCode =
  'conflict' | 'parent-gone' | 'exists' | 'not-found' | 'lease-lost' | 'lease-timeout'

const BRAND = Symbol.for('@cairnkit/langgraph/ThreadError')

/** The base class of errors about threads. Test for each with its own `isInstance`, which works across copies of the package. */
abstract class ThreadError extends CairnError {
  abstract override readonly code: ThreadErrorCode
  readonly threadId: string

  constructor(threadId: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause })
    this.threadId = threadId
    Object.defineProperty(this, BRAND, { value: true })
  }
}

function hasCode(value: unknown, code: ThreadErrorCode): boolean {
  if (typeof value !== 'object' || value === null) return false
  return (value as Record<symbol, unknown>)[BRAND] === true && (value as { code?: unknown }).code === code
}

/**
 * Another run has changed the thread: the checkpoint on which this run builds is no longer the head of its namespace. Nothing
 * was stored. It is thrown only with `onConflict: 'reject'`.
 */
export class ThreadConflictError extends ThreadError {
  override readonly name: string = 'ThreadConflictError'
  readonly code = 'conflict'
  readonly disposition: Disposition = 'permanent'
  readonly namespace: string
  /** The parent of the refused checkpoint; `undefined` if it was to be the first one. */
  readonly expectedHead: string | undefined
  /** The head of the namespace; `undefined` if there is no checkpoint, because the thread was deleted or has expired. */
  readonly actualHead: string | undefined

  constructor(
    threadId: string,
    namespace: string,
    heads: { readonly expected: string | undefined; readonly actual: string | undefined },
  ) {
    super(threadId, conflictMessage(threadId, namespace, heads))
    this.namespace = namespace
    this.expectedHead = heads.expected
    this.actualHead = heads.actual
  }

  /** Whether `value` is a `ThreadConflictError`, of any copy of this package. */
  static override isInstance(this: void, value: unknown): value is ThreadConflictError {
    return hasCode(value, 'conflict')
  }
}

/** A thread was to be made, or copied to, that is there already. Nothing was stored. */
export class ThreadExistsError extends ThreadError {
  override readonly name: string = 'ThreadExistsError'
  readonly code = 'exists'
  readonly disposition: Disposition = 'permanent'

  /** `threadId`: the target; `source`: what was to be copied to it. */
  constructor(threadId: string, source?: string) {
    super(
      threadId,
      source === undefined
        ? `Thread ${JSON.stringify(threadId)} was not made: it exists already. ` +
            "Choose another thread_id, or pass ifExists: 'do_nothing'"
        : `Thread ${JSON.stringify(source)} was not copied: thread ${JSON.stringify(threadId)} exists already. ` +
            'Delete that one first, or copy to another thread_id',
    )
  }

  /** Whether `value` is a `ThreadExistsError`, of any copy of this package. */
  static override isInstance(this: void, value: unknown): value is ThreadExistsError {
    return hasCode(value, 'exists')
  }
}

/** There is no thread of this id: it was never made, was deleted, or has ended. */
export class ThreadNotFoundError extends ThreadError {
  override readonly name: string = 'ThreadNotFoundError'
  readonly code = 'not-found'
  readonly disposition: Disposition = 'permanent'

  constructor(threadId: string) {
    super(
      threadId,
      `There is no thread ${JSON.stringify(threadId)}: it was never made, was deleted, or has ended. ` +
        'Make it with threads.create, or by a run',
    )
  }

  /** Whether `value` is a `ThreadNotFoundError`, of any copy of this package. */
  static override isInstance(this: void, value: unknown): value is ThreadNotFoundError {
    return hasCode(value, 'not-found')
  }
}

/**
 * Values of a checkpoint are made of the writes of the checkpoints before it (a `DeltaChannel`), and one of those is not stored any
 * more: it was removed, or the thread was deleted. A put with this error stored nothing.
 */
export class ParentGoneError extends ThreadError {
  override readonly name: string = 'ParentGoneError'
  readonly code = 'parent-gone'
  readonly disposition: Disposition = 'permanent'
  readonly namespace: string
  /** The checkpoint that is not stored. */
  readonly parentId: string | undefined

  constructor(
    threadId: string,
    namespace: string,
    { id, parentId }: { readonly id: string | undefined; readonly parentId: string | undefined },
  ) {
    const where = namespace === '' ? '' : ` in namespace ${JSON.stringify(namespace)}`
    super(
      threadId,
      `Checkpoint ${JSON.stringify(id)} of thread ${JSON.stringify(threadId)}${where} needs the writes of checkpoint ` +
        `${JSON.stringify(parentId)}, which is not stored any more. Go on from the newest checkpoint of the thread`,
    )
    this.namespace = namespace
    this.parentId = parentId
  }

  /** Whether `value` is a `ParentGoneError`, of any copy of this package. */
  static override isInstance(this: void, value: unknown): value is ParentGoneError {
    return hasCode(value, 'parent-gone')
  }
}

/** The lease under which a call was made has ended, and another run may have the thread. Nothing was stored. */
export class LeaseLostError extends ThreadError {
  override readonly name: string = 'LeaseLostError'
  readonly code = 'lease-lost'
  readonly disposition: Disposition = 'permanent'

  constructor(threadId: string, reason: string) {
    super(
      threadId,
      `The lease on thread ${JSON.stringify(threadId)} is lost: ${reason}. Nothing was stored. ` +
        'Run again within withThread, or allow a longer ttlMs if the process stood still',
    )
  }

  /** Whether `value` is a `LeaseLostError`, of any copy of this package. */
  static override isInstance(this: void, value: unknown): value is LeaseLostError {
    return hasCode(value, 'lease-lost')
  }
}

/** `withThread` did not get the lease on the thread within `waitMs`. `fn` was not called. */
export class LeaseTimeoutError extends ThreadError {
  override readonly name: string = 'LeaseTimeoutError'
  readonly code = 'lease-timeout'
  readonly disposition: Disposition = 'transient'
  /** How long the call waited, in milliseconds. */
  readonly waitedMs: number

  /** With `cause`, the storage did not answer in time. Without it, other runs have the lease. */
  constructor(threadId: string, waitedMs: number, cause?: unknown) {
    const reason = cause === undefined ? 'other runs have it' : 'the storage did not answer in time'
    super(
      threadId,
      `The lease on thread ${JSON.stringify(threadId)} was not to be had within ${waitedMs} ms: ${reason}. ` +
        'Try again later, or allow a longer waitMs',
      cause,
    )
    this.waitedMs = waitedMs
  }

  /** Whether `value` is a `LeaseTimeoutError`, of any copy of this package. */
  static override isInstance(this: void, value: unknown): value is LeaseTimeoutError {
    return hasCode(value, 'lease-timeout')
  }
}

function conflictMessage(
  threadId: string,
  namespace: string,
  heads: { readonly expected: string | undefined; readonly actual: string | undefined },
): string {
  const where = namespace === '' ? '' : ` in namespace ${JSON.stringify(namespace)}`
  const expected =
    heads.expected === undefined
      ? 'this run began with an empty thread'
      : `this run builds on checkpoint ${JSON.stringify(heads.expected)}`
  const actual =
    heads.actual === undefined
      ? 'there is no checkpoint any more'
      : `the newest is ${JSON.stringify(heads.actual)}`
  return (
    `Another run has changed thread ${JSON.stringify(threadId)}${where}: ${expected}, and ${actual}. Nothing was stored. ` +
    'Run again on the new state, let runs take turns with saver.withThread, or name a checkpoint_id to fork on purpose'
  )
}
