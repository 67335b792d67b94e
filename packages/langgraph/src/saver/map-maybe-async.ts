/**
 * What `give` gives for each item. Waits only if it is still at one of them, which it nearly never is: a promise for each
 * value of a checkpoint costs more than the value does. Throws, or rejects with, the first failure.
 */
export function mapMaybeAsync<Item, T>(
  items: readonly Item[],
  give: (item: Item) => T | Promise<T>,
): readonly T[] | Promise<readonly T[]> {
  const given: (T | Promise<T>)[] = []
  const pending: Promise<T>[] = []
  try {
    for (const item of items) {
      const value = give(item)
      given.push(value)
      if (value instanceof Promise) pending.push(value)
    }
  } catch (cause) {
    // The failures of the others are not heard of any more.
    for (const each of pending) each.catch(() => undefined)
    throw cause
  }
  return pending.length === 0 ? (given as T[]) : Promise.all(given)
}
