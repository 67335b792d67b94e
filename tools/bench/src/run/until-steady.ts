/** It is steady when so many rounds in a row were not faster than the best before them by this share. */
const ROUNDS_IN_VAIN = 3
const WORTH = 0.03

export interface Patience {
  /** How many rounds there are at the most. */
  readonly most: number
  /** No round is begun that would end later than this, if it took as long as the last one. */
  readonly maxMs: number
  /** How long the first one is going to take. */
  readonly expectedMs: number
}

/** Repeats `round`, which tells how long it took, until it gets no faster or patience ends. */
export async function untilSteady(
  { most, maxMs, expectedMs }: Patience,
  round: (number: number) => Promise<number>,
): Promise<void> {
  let bestMs = Number.POSITIVE_INFINITY
  let inVain = 0
  let spentMs = 0
  let lastMs = expectedMs
  for (let number = 0; number < most && inVain < ROUNDS_IN_VAIN && spentMs + lastMs <= maxMs; number++) {
    lastMs = await round(number)
    spentMs += lastMs
    inVain = lastMs < bestMs * (1 - WORTH) ? 0 : inVain + 1
    bestMs = Math.min(bestMs, lastMs)
  }
}
