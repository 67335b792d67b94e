import { seededRandom } from '@cairnkit/conformance/faults'

const ALPHABET = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .'

/**
 * Texts of `length` bytes that only depend on the seed. No two are alike and none repeats itself: a saver that
 * compresses, or that keeps equal values once, must gain nothing from the text.
 */
export function texts(seed: number, length: number, count: number): string[] {
  const next = seededRandom(seed)
  return Array.from({ length: count }, () => {
    const bytes = Buffer.alloc(length)
    for (let at = 0; at < length; at++) bytes[at] = ALPHABET.charCodeAt(Math.floor(next() * ALPHABET.length))
    // Not by concatenation: whoever reads such a text first would pay for putting its pieces together.
    return bytes.toString('latin1')
  })
}
