/** Tells an observer. What it throws becomes a process warning and never reaches the caller. */
export function guarded(tell: () => void): void {
  try {
    tell()
  } catch (cause) {
    process.emitWarning(
      `A saver observer threw: ${cause instanceof Error ? cause.message : String(cause)}`,
      'CairnWarning',
    )
  }
}
