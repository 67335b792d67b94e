import { blank } from '../run/id-names.js'
import { textOf } from '../run/ordering.js'
import { plain } from '../run/plain.js'

/** Four letters that stand for all that a node has seen, but for ids that are made by chance. */
export function digestOf(value: unknown): string {
  const text = blank(textOf(plain(value)))
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return ((hash >>> 0) % 36 ** 4).toString(36).padStart(4, '0')
}

/** A number from 0 to `below - 1` that the digest decides. */
export function numberOf(digest: string, below: number): number {
  return parseInt(digest, 36) % below
}
