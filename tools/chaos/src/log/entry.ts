import type { Disposition, StorageErrorCode } from '@cairnkit/core'

/** What an application can see of an error. */
export interface LoggedError {
  /** The name of its class. */
  readonly name: string
  readonly message: string
  /** Only of a `StorageError`. */
  readonly code: StorageErrorCode | undefined
  readonly disposition: Disposition | undefined
}

/** The end of a call: acknowledged, or refused with an error. */
export type Outcome = { readonly ok: true } | { readonly ok: false; readonly error: LoggedError }

interface Entry {
  /** When it ended, in milliseconds since 1970. */
  readonly at: number
  readonly thread: string
}

/** A `put` that ended. */
export interface PutEntry extends Entry {
  readonly type: 'put'
  readonly namespace: string
  readonly checkpointId: string
  readonly parentId: string | undefined
  /** Digests by channel, of those that have a version. */
  readonly values: Readonly<Record<string, string>>
  readonly metadata: string
  readonly outcome: Outcome
}

export interface LoggedWrite {
  /** Below 0 for special channels, else the position in its call. */
  readonly index: number
  readonly channel: string
  readonly digest: string
}

/** A `putWrites` that ended. */
export interface WritesEntry extends Entry {
  readonly type: 'writes'
  readonly namespace: string
  readonly checkpointId: string
  readonly taskId: string
  readonly writes: readonly LoggedWrite[]
  readonly outcome: Outcome
}

/** What the application did that drives the graph: one call of LangGraph, with what it saw. */
export interface TurnEntry extends Entry {
  readonly type: 'turn'
  readonly action: 'invoke' | 'resume' | 'fork'
  readonly startedAt: number
  readonly outcome: Outcome
}

export type LogEntry = PutEntry | WritesEntry | TurnEntry

/** Milliseconds since 1970 that never jump back: the same clock in every process of this machine. */
export function now(): number {
  return performance.timeOrigin + performance.now()
}
