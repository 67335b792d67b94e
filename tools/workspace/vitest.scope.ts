/**
 * How much a run goes through.
 *
 * - `usual`: `npm test`. Every test once, in each cell that may show something of its own
 * - `rest`: what the usual run leaves out: suites in another cell of those that one speaks for, and long tests
 * - `all`: every suite in each cell, and long tests
 * - `quick`: for work in between: what needs no server, and one server through one client
 */
export type Scope = 'usual' | 'rest' | 'all' | 'quick'

export const scopes: readonly Scope[] = ['usual', 'rest', 'all', 'quick']

/** Set by the test command, for the configurations that vitest loads. */
export const scopeVariable = 'CAIRN_SCOPE'

/** Names of packages that a quick run may leave out, separated by commas; set by the test command as well. */
export const untouchedVariable = 'CAIRN_UNTOUCHED'

/** @default all: whoever runs vitest in a package means all its tests */
export function scopeOf(text: string | undefined): Scope {
  if (text === undefined || text === '') return 'all'
  const scope = scopes.find((known) => known === text)
  if (scope !== undefined) return scope
  throw new Error(`${scopeVariable} is ${JSON.stringify(text)}, and is to be one of ${scopes.join(', ')}`)
}
