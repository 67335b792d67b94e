/** Bytes that were made already, for the first who asks: nobody else keeps them, and they can be made again. */
export function takeOnce(made: Uint8Array, again: () => Uint8Array): () => Uint8Array {
  let kept: Uint8Array | undefined = made
  return () => {
    const bytes = kept ?? again()
    kept = undefined
    return bytes
  }
}
