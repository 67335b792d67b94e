const ALPHABET = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .'

/** A stream of numbers in [0, 1) that only depends on the seed (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/**
 * Texts of `length` bytes that only depend on the seed. No two are alike and none repeats itself: a saver that
 * compresses, or that keeps equal values once, must gain nothing from the text.
 */
export function texts(seed: number, length: number, count: number): string[] {
  const next = randomNumbers(seed)
  return Array.from({ length: count }, () => {
    const bytes = Buffer.alloc(length)
    for (let at = 0; at < length; at++) bytes[at] = ALPHABET.charCodeAt(Math.floor(next() * ALPHABET.length))
    // Not by concatenation: whoever reads such a text first would pay for putting its pieces together.
    return bytes.toString('latin1')
  })
}
