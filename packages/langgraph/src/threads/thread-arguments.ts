/** How much metadata a thread may have, as JSON, in characters: a page reads those of all its threads. */
const MOST_METADATA = 65_536

export function assertThreadId(threadId: unknown): asserts threadId is string {
  if (typeof threadId === 'string') return
  throw new TypeError(`threadId must be a string, got ${threadId === null ? 'null' : typeof threadId}`)
}

export function assertMetadata(metadata: unknown): void {
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata))
    throw new TypeError(
      `metadata must be an object, got ${Array.isArray(metadata) ? 'an array' : String(metadata)}`,
    )
  const { length } = JSON.stringify(metadata)
  if (length > MOST_METADATA)
    throw new TypeError(
      `metadata must have at most ${MOST_METADATA} characters as JSON, got ${length}: keep values in the state`,
    )
}
