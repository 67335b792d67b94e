import type { Program } from '../plan/program.js'
import type { ReferenceTraits } from '../reference/reference-traits.js'

/**
 * What it comes from.
 * - `design`: savers differ in this and none of them is wrong
 * - `langgraph`: LangGraph itself, or its `MemorySaver`, is wrong
 * - `fault`: the saver under test is wrong, and this is to be mended
 */
export type DifferenceOrigin = 'design' | 'langgraph' | 'fault'

/** In what programs may differ from the reference, and why. */
export interface KnownDifference<Options> {
  /** A few words, for titles and tables. */
  readonly name: string
  /** One sentence: what differs, and from what it comes. */
  readonly cause: string
  readonly origin: DifferenceOrigin
  /** Whether a program has in it what brings the difference. Another program has no excuse. */
  readonly concerns: (program: Program) => boolean
  /** What takes the cause away. With it, and with that of other known ones, `example` no longer differs. */
  readonly without: {
    readonly reference?: ReferenceTraits
    readonly options?: (options: Options) => Options
  }
  /** A small program that shows it. It must differ today: a difference that is gone is to be taken off the list. */
  readonly example: Program
}
