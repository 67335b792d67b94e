import type { Places } from '../savers/contender.js'
import type { CallCounts } from './count-calls.js'
import type { RunCost } from './meter.js'
import type { TripCounts } from './trips.js'
import type { ColdRead, ColdThread } from './cold-read.js'
import type { LargeRequest } from './large-value.js'

export interface TurnRequest {
  readonly workload: string
  readonly contender: string
  readonly places: Places
  readonly thread: string
  readonly seed: number
  readonly turns: number
  /** Counting costs a little, so only an untimed run does it. */
  readonly countCalls: boolean
}

/** What a turn of the contender that the ceiling is for did. */
export interface CeilingRequest {
  readonly redisUrl: string
  readonly turns: number
  readonly sentPerTurn: number
  readonly receivedPerTurn: number
  readonly readsPerTurn: number
  readonly writesPerTurn: number
}

export interface RunAnswer {
  readonly cost: RunCost
  readonly calls: CallCounts | undefined
}

export interface Finished {
  /** Where the process knows it. */
  readonly storedBytes: number | undefined
}

/** What the bench asks of the process of a saver. `prepare`, `run`, `verify` and `close` follow each other. */
export interface ChildMethods {
  prepare(request: TurnRequest): Promise<void>
  prepareCeiling(request: CeilingRequest): Promise<void>
  run(): Promise<RunAnswer>
  /** Rejects if what was written is not read back. */
  verify(): Promise<Finished>
  close(): Promise<void>
  trips(request: { contender: string; places: Places; thread: string }): Promise<TripCounts>
  grow(request: ColdThread): Promise<{ readonly plainBytes: number }>
  coldOpen(request: ColdThread): Promise<void>
  coldFirst(): Promise<ColdRead>
  coldAgain(): Promise<readonly number[]>
  coldClose(): Promise<void>
  coldGet(request: ColdThread): Promise<{ first: ColdRead; again: readonly number[] }>
  largeOpen(request: LargeRequest): Promise<void>
  largePut(): Promise<number>
  largeForget(): Promise<void>
  largeGet(): Promise<number>
  largeClose(): Promise<void>
}

export type MethodName = keyof ChildMethods

export interface Question {
  readonly id: number
  readonly method: MethodName
  readonly request: unknown
}

export type Answer =
  { readonly id: number; readonly result: unknown } | { readonly id: number; readonly error: string }
