/**
 * What stands in the JSON of a value for something that is stored elsewhere. The user's own objects that look like a
 * placeholder are wrapped in one.
 *
 * | placeholder | meaning |
 * |---|---|
 * | `{"lc":"ref","i":n}` | the value of reference `n` |
 * | `{"lc":"msg","i":n,"id":"…"}` | the message of reference `n`, with this id; without `id` it has none |
 * | `{"lc":"raw","v":{…}}` | the object `v`, which is the user's own |
 */
const kinds: ReadonlySet<unknown> = new Set(['ref', 'msg', 'raw'])

export type Placeholder =
  | { readonly lc: 'ref'; readonly i: number }
  | { readonly lc: 'msg'; readonly i: number; readonly id?: string }
  | { readonly lc: 'raw'; readonly v: Record<string, unknown> }

/** Whether an object would be read as a placeholder. */
export function looksLikePlaceholder(value: object): value is Placeholder {
  return Object.hasOwn(value, 'lc') && kinds.has((value as { readonly lc?: unknown }).lc)
}

export function refPlaceholder(position: number): string {
  return `{"lc":"ref","i":${position}}`
}

export function messagePlaceholder(position: number, id: string | undefined): string {
  return id === undefined
    ? `{"lc":"msg","i":${position}}`
    : `{"lc":"msg","i":${position},"id":${JSON.stringify(id)}}`
}
