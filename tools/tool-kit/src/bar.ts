const WIDTH = 20

/** A bar that is filled as far as a share of 1 is done. */
export function bar(share: number): string {
  const filled = Math.round(WIDTH * Math.min(1, Math.max(0, share)))
  return `[${'#'.repeat(filled)}${'.'.repeat(WIDTH - filled)}]`
}
