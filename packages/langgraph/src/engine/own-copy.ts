/**
 * For bytes that are kept: small buffers lie in a pool of Node's, and what a client hands over lies in what arrived. A slice
 * keeps all of that alive.
 */
export function ownCopy(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes)
}

/** Whether keeping these keeps nothing else alive. */
export function isOwn(bytes: Uint8Array): boolean {
  return bytes.buffer.byteLength === bytes.length
}
