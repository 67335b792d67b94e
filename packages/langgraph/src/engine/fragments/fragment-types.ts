/**
 * The types of fragments that the engine makes. A serializer's own types are told from them by the first character.
 *
 * - `value`: JSON with placeholders, see `values/placeholders.ts`
 * - `message`: JSON `[class, kwargs]`: a message without its id
 * - `pack`: JSON of an array of `[class, kwargs, id]`: a run of messages, whole
 * - `index`: no bytes; its references are packs or indexes, in order
 * - `list`: JSON `[n, id, ...]`: a list of messages; the first `n` references are packs and indexes, the others are
 *   messages, whose ids follow
 */
export const fragmentType = {
  value: '~v',
  message: '~m',
  pack: '~p',
  index: '~b',
  list: '~l',
} as const

const RESERVED = '~'

/** The type of a fragment whose bytes a serializer made. */
export function typeOfSerializer(type: string): string {
  return type.startsWith(RESERVED) ? `${RESERVED}${RESERVED}${type}` : type
}

/** The serializer's own type; `undefined` for a type of the engine. */
export function serializerTypeOf(type: string): string | undefined {
  if (!type.startsWith(RESERVED)) return type
  return type.startsWith(RESERVED + RESERVED) ? type.slice(2 * RESERVED.length) : undefined
}
