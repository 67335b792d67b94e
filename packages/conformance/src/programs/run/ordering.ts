/** Things in the order of their texts; those whose texts are the same stay in the order they came in. */
export function inOrderOf<T>(things: readonly T[], textOf: (thing: T) => string): T[] {
  const keyed = things.map((thing) => ({ thing, text: textOf(thing) }))
  keyed.sort((left, right) => (left.text < right.text ? -1 : left.text > right.text ? 1 : 0))
  return keyed.map(({ thing }) => thing)
}

/** Things with the same key, in the order they came in. */
export function groupsOf<T>(things: readonly T[], keyOf: (thing: T) => string): T[][] {
  const groups = new Map<string, T[]>()
  for (const thing of things) {
    const key = keyOf(thing)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [thing])
    else group.push(thing)
  }
  return [...groups.values()]
}

/** A plain value as text, with the keys of objects in the order of their names. */
export function textOf(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(inOrderOf(Object.entries(part), ([key]) => key))
      : part,
  )
}
