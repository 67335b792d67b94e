import { UsageError } from './usage-error.js'

/** The names of an option such as `a,b`, in the order of those that are known. `undefined` when it was not typed. */
export function nameOptions<T extends string>(
  option: string,
  text: string | undefined,
  known: readonly T[],
): T[] | undefined {
  if (text === undefined) return undefined
  const wanted = text.split(',').map((name) => name.trim())
  const stranger = wanted.find((name) => !known.some((one) => one === name))
  if (stranger === undefined) return known.filter((name) => wanted.includes(name))
  throw new UsageError(`${option}: there is no ${JSON.stringify(stranger)}. There are: ${known.join(', ')}`)
}
