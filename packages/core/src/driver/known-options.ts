import { show } from './show.js'

/**
 * Throws a `TypeError` if `options` is not an object or has an unknown name, because a misspelt option would be ignored
 * silently. `owner` names the owner of the options in the message.
 */
export function assertKnownOptions(owner: string, options: object, known: readonly string[]): void {
  if (typeof options !== 'object' || (options as object | null) === null || Array.isArray(options)) {
    throw new TypeError(`${owner} takes an object of options, got ${show(options)}`)
  }
  const unknown = Object.keys(options).find((name) => !known.includes(name))
  if (unknown === undefined) return
  throw new TypeError(`${owner} has no option ${show(unknown)}; it has ${known.join(', ')}`)
}
