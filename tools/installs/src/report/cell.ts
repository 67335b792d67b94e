/** What came of one way to install and run. */
export type Cell =
  | { readonly state: 'passed' }
  | { readonly state: 'failed'; readonly reason: string }
  /** Something that is not Cairn's could not be installed on this machine. */
  | { readonly state: 'absent'; readonly reason: string }
  /** Nobody can have it. */
  | { readonly state: 'none'; readonly reason: string }

/** A column of the table: a package manager, or a runtime. */
export interface Column {
  readonly id: string
  /** What it is, with its version; of one that could not be had, without. */
  readonly title: string
  /** By the ids of the kinds. A kind that is not here was not asked for. */
  readonly cells: ReadonlyMap<string, Cell>
}
