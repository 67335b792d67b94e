import type { HeadMove } from '../records/head-move.js'

/** The head of a namespace, as it was seen last: the checkpoint that the next one is put on. */
export interface SeenHead {
  /** `undefined`: there is no checkpoint. */
  readonly headId: string | undefined
  /** The largest id. It is that of the head wherever clocks agree. */
  readonly largestId: string | undefined
  /** What makes another one the head. */
  readonly move: HeadMove | undefined
}

export const NO_HEAD: SeenHead = { headId: undefined, largestId: undefined, move: undefined }

export function headAt(checkpointId: string): SeenHead {
  return { headId: checkpointId, largestId: checkpointId, move: undefined }
}
