/**
 * A copy of bytes that are going to be kept. Small buffers lie in a pool of Node's, and what a client hands over lies in what
 * arrived: a slice keeps all of that alive.
 */
export function detach(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes)
}

/** Whether keeping these keeps nothing else alive. */
export function isDetached(bytes: Uint8Array): boolean {
  return bytes.buffer.byteLength === bytes.length
}
