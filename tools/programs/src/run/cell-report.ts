import type { Feature } from '@cairnkit/conformance/programs'
import type { CellName } from './cells.js'

/** What became of the programs of one cell. */
export interface CellReport {
  readonly cell: CellName
  readonly programs: number
  readonly same: number
  /** How many programs differ for each known difference, by its name; one program may have several. */
  readonly known: ReadonlyMap<string, number>
  /** The differences that nobody knows yet, as they are to be read. */
  readonly unknown: readonly string[]
  /** How many programs have it in them. */
  readonly features: ReadonlyMap<Feature, number>
  readonly cpuSeconds: number
  readonly seconds: number
}
