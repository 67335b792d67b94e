/**
 * Text to bytes and back in generalized UTF-8 (WTF-8): a lone surrogate becomes its own three bytes.
 *
 * Plain UTF-8 would turn two different ill-formed strings into the same U+FFFD, and so two threads into one.
 */

const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/
const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Whether every surrogate of `text` is half of a pair. */
export function isWellFormed(text: string): boolean {
  return !LONE_SURROGATE.test(text)
}

/** Encodes `text`. A well-formed string gives plain UTF-8. */
export function encodeUtf8(text: string): Uint8Array {
  if (isWellFormed(text)) return Buffer.from(text, 'utf8')
  const bytes: number[] = []
  for (const character of text) {
    const code = character.codePointAt(0) as number
    if (code >= 0xd800 && code <= 0xdfff) {
      bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f))
    } else {
      bytes.push(...Buffer.from(character, 'utf8'))
    }
  }
  return Uint8Array.from(bytes)
}

/** The inverse of {@link encodeUtf8}. Throws a `TypeError` for bytes that are not the encoding of a string. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return strictDecoder.decode(bytes)
  } catch {
    // Not plain UTF-8: the only other thing that encodeUtf8 writes is a surrogate of three bytes.
    return decodeGeneralized(bytes)
  }
}

function decodeGeneralized(bytes: Uint8Array): string {
  let text = ''
  let plainFrom = 0
  for (let at = 0; at < bytes.length; at++) {
    const [lead, second, third] = [bytes[at], bytes[at + 1], bytes[at + 2]]
    const isSurrogate = lead === 0xed && second !== undefined && second >= 0xa0 && second <= 0xbf
    if (!isSurrogate || third === undefined) continue
    text += strictDecoder.decode(bytes.subarray(plainFrom, at))
    text += String.fromCharCode(0xd000 | ((second & 0x3f) << 6) | (third & 0x3f))
    at += 2
    plainFrom = at + 1
  }
  return text + strictDecoder.decode(bytes.subarray(plainFrom))
}
