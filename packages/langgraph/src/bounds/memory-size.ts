/** How much of the memory of a process what is kept takes, by estimates that `test/memory-bounds.test.ts` holds against V8. */

/** An array of bytes of its own takes this beyond them: the array, its buffer, and the place that the bytes lie in. */
export const BYTES_OVERHEAD = 350

/** An object or array of plain data with its place in another one, or the header of a string. */
const PIECE_BYTES = 32

/** Whether V8 needs two bytes for each character. */
const WIDE = /[^\0-\xff]/

export function sizeOfText(text: string): number {
  return PIECE_BYTES + (WIDE.test(text) ? 2 * text.length : text.length)
}

/** Of what a value takes beyond its place. Names of fields are shared by all who have them. */
export function sizeOfJson(value: unknown): number {
  if (typeof value === 'string') return sizeOfText(value)
  if (typeof value !== 'object' || value === null) return 0
  let size = PIECE_BYTES
  if (Array.isArray(value)) for (const item of value) size += 8 + sizeOfJson(item)
  else for (const key in value) size += 16 + sizeOfJson((value as Readonly<Record<string, unknown>>)[key])
  return size
}
