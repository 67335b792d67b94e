import type { Program } from '../plan/program.js'
import type { ReferenceTraits } from '../reference/reference-traits.js'

/**
 * The origin of a difference.
 * - `design`: savers differ, and none is wrong
 * - `langgraph`: LangGraph itself, or its `MemorySaver`, is wrong
 * - `fault`: the saver under test is wrong, and must be fixed
 */
export type DifferenceOrigin = 'design' | 'langgraph' | 'fault'

/** A way in which programs may differ from the reference, with its cause. */
export interface KnownDifference<Options> {
  /** A few words, for titles and tables. */
  readonly name: string
  /** One sentence that says what differs, and why. */
  readonly cause: string
  readonly origin: DifferenceOrigin
  /** Whether a program contains a part that can cause the difference. Other programs are not excused. */
  readonly concerns: (program: Program) => boolean
  /** What removes the cause. With it, and with that of other known differences, `example` no longer differs. */
  readonly without: {
    readonly reference?: ReferenceTraits
    readonly options?: (options: Options) => Options
  }
  /** A small program that shows the difference. It must still differ: remove a difference that is gone from the list. */
  readonly example: Program
}
