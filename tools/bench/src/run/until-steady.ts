/** It is steady when so many rounds in a row were not faster than the best before them by this share. */
const ROUNDS_IN_VAIN = 3
const WORTH = 0.03

/** Repeats `round`, which tells how long it took, until it gets no faster, and `most` times at the most. */
export async function untilSteady(most: number, round: (number: number) => Promise<number>): Promise<void> {
  let bestMs = Number.POSITIVE_INFINITY
  let inVain = 0
  for (let number = 0; number < most && inVain < ROUNDS_IN_VAIN; number++) {
    const wallMs = await round(number)
    inVain = wallMs < bestMs * (1 - WORTH) ? 0 : inVain + 1
    bestMs = Math.min(bestMs, wallMs)
  }
}
