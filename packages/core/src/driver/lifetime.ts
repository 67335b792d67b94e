const DIGITS = /^[1-9]\d{0,14}$/

/**
 * What the record that an `ExpireMutation` names in `decidedBy` says of the life of its partition: milliseconds, or for ever.
 * `undefined`: its bytes say nothing. Zero says nothing, so that no record ends its partition at once.
 */
export function lifetimeIn(bytes: Uint8Array): number | 'for ever' | undefined {
  if (bytes.length === 0) return 'for ever'
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  return DIGITS.test(text) ? Number(text) : undefined
}
