/**
 * Collects what earlier runs left behind, which is not to be done on the next one's time. Young garbage alone: a full
 * collection by force also throws compiled code away, and the next thousand turns pay for that.
 */
export function collectYoung(): void {
  const collect = globalThis.gc as ((options: { readonly type: 'minor' }) => void) | undefined
  collect?.({ type: 'minor' })
}
