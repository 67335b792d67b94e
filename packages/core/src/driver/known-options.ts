import { show } from './show.js'

/**
 * Throws `TypeError` for what is no object of options, and for a name that is none: a misspelt option would be ignored in
 * silence. `owner` says whose options they are.
 */
export function assertKnownOptions(owner: string, options: object, known: readonly string[]): void {
  if (typeof options !== 'object' || (options as object | null) === null || Array.isArray(options)) {
    throw new TypeError(`${owner} takes an object of options, got ${show(options)}`)
  }
  const unknown = Object.keys(options).find((name) => !known.includes(name))
  if (unknown === undefined) return
  throw new TypeError(`${owner} has no option ${show(unknown)}; it has ${known.join(', ')}`)
}
