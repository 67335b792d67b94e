import type { Disposition, StorageErrorCode } from '@cairnkit/core'
import type { Lab, LabNode, TopologyKind } from '@cairnkit/redis-lab'

/** What a call comes to: it succeeds, or fails in this way. */
export type Outcome = 'ok' | `${StorageErrorCode}, ${Disposition}`

/** Where a failure is provoked. */
export interface FailureScene {
  readonly lab: Lab
  /** The server that takes the writes of the partitions under test. */
  readonly node: LabNode
  /** The same server over another connection, which may be kept busy. */
  readonly second: LabNode
  /** The keys of the partitions under test, which one server holds. */
  readonly keys: readonly [string, ...string[]]
  /** The user as whom the driver has connected; all servers know it. */
  readonly user: { readonly username: string; readonly password: string }
}

/** One way in which a server or the way to it can fail, provoked on real servers. */
export interface Failure {
  readonly name: string
  /** Why it cannot happen there. @default it can happen everywhere */
  readonly impossible?: Partial<Readonly<Record<TopologyKind, string>>>
  /** Resolves when it is so, to what ends it. */
  provoke(scene: FailureScene): Promise<() => Promise<unknown>>
  /** What a commit of a driver comes to meanwhile. */
  readonly commit: Outcome
  /** What a read comes to: one of these. */
  readonly read: readonly [Outcome, ...Outcome[]]
  /** What a read comes to where the server has no read-only scripts, and takes it for a write. @default as `read` */
  readonly readAsWrite?: readonly [Outcome, ...Outcome[]]
  /** What either may come to before, while a client finds out or connects anew. @default nothing else */
  readonly before?: readonly Outcome[]
  /** Whether the driver connects as nobody. @default as the user of the scene */
  readonly anonymous?: boolean
  /** How long each call may take, in milliseconds. @default what the driver takes */
  readonly timeoutMs?: number
}

export const lost: Outcome = 'unavailable, ambiguous'
export const refused: Outcome = 'unavailable, transient'
