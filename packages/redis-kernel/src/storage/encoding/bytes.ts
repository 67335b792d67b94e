/** One array of bytes from several; plain numbers serve for single bytes. */
export function concatBytes(...chunks: readonly (ArrayLike<number> | number)[]): Uint8Array {
  let length = 0
  for (const chunk of chunks) length += typeof chunk === 'number' ? 1 : chunk.length
  const bytes = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    if (typeof chunk === 'number') {
      bytes[at++] = chunk
    } else {
      bytes.set(chunk, at)
      at += chunk.length
    }
  }
  return bytes
}

/** A view on the same memory, with the methods of a Buffer. */
export function viewOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
