/**
 * The frame of everything this package stores: a format version, a JSON header, and sections of bytes.
 *
 * | bytes | meaning |
 * |---|---|
 * | 1 | format version |
 * | 4 | length of the header, big-endian |
 * | n | header: JSON, with the length of each section |
 * | rest | the sections, one after the other |
 */

export const SECTIONS_VERSION = 1

const FRAME_BYTES = 5

export type SectionsFault = 'damaged' | 'newer'

export type DecodedSections =
  | { readonly ok: true; readonly header: unknown; readonly sections: readonly Uint8Array[] }
  | { readonly ok: false; readonly fault: SectionsFault }

export function encodeSections(header: unknown, sections: readonly Uint8Array[]): Uint8Array {
  // JSON.stringify writes a lone surrogate as an escape, so any channel name and id survives.
  const head = JSON.stringify([header, sections.map((section) => section.length)])
  const headLength = Buffer.byteLength(head)
  let length = FRAME_BYTES + headLength
  for (const section of sections) length += section.length
  const encoded = Buffer.allocUnsafe(length)
  encoded[0] = SECTIONS_VERSION
  encoded.writeUInt32BE(headLength, 1)
  let at = FRAME_BYTES + encoded.write(head, FRAME_BYTES)
  for (const section of sections) {
    encoded.set(section, at)
    at += section.length
  }
  return encoded
}

export function decodeSections(bytes: Uint8Array): DecodedSections {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const version = view[0]
  if (version !== undefined && version > SECTIONS_VERSION) return { ok: false, fault: 'newer' }
  if (version !== SECTIONS_VERSION || view.length < FRAME_BYTES) return { ok: false, fault: 'damaged' }
  const headEnd = FRAME_BYTES + view.readUInt32BE(1)
  const head = parseHead(view.toString('utf8', FRAME_BYTES, headEnd))
  if (head === undefined) return { ok: false, fault: 'damaged' }
  const sections: Uint8Array[] = []
  let at = headEnd
  for (const length of head.lengths) {
    sections.push(bytes.subarray(at, at + length))
    at += length
  }
  return at === bytes.length ? { ok: true, header: head.header, sections } : { ok: false, fault: 'damaged' }
}

function parseHead(json: string): { header: unknown; lengths: number[] } | undefined {
  let head: unknown
  try {
    head = JSON.parse(json)
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined
    throw cause
  }
  if (!Array.isArray(head) || head.length !== 2 || !Array.isArray(head[1])) return undefined
  const lengths: unknown[] = head[1]
  return lengths.every(isLength) ? { header: head[0], lengths } : undefined
}

function isLength(length: unknown): length is number {
  return Number.isSafeInteger(length) && (length as number) >= 0
}
