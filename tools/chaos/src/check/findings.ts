/** What the checker can find wrong. */
export const findingTypes = [
  'lost',
  'duplicated',
  'mixed',
  'half',
  'wrong',
  'unasked',
  'misclassified',
] as const
export type FindingType = (typeof findingTypes)[number]

interface At {
  readonly thread: string
  /** Where in the thread: namespace, checkpoint, task. */
  readonly place: string
}

/** Acknowledged, and not there. */
export interface Lost extends At {
  readonly type: 'lost'
  readonly what: 'checkpoint' | 'write'
  /** When it was acknowledged. */
  readonly at: number
}

export interface Blemish extends At {
  /**
   * `duplicated`: there twice, or applied twice. `mixed`: holds something of another thread. `half`: cannot be loaded,
   * or its parent was never there. `wrong`: holds other values than those that were acknowledged. `unasked`: nobody
   * wrote it. `misclassified`: an error said that it was surely not applied, and it was.
   */
  readonly type: Exclude<FindingType, 'lost'>
  readonly detail: string
}

export type Finding = Lost | Blemish
