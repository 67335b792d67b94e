import { fail } from '../main.js'
import type { Commit } from './commits.js'

/** What a commit means to a user, from the least to the most. */
export const kinds = ['change', 'new', 'breaking'] as const

export type Kind = (typeof kinds)[number]

/** One line of the changelog. */
export interface Change {
  readonly kind: Kind
  /** The folders below `packages/` whose published part it alters, sorted. None: it concerns all of them. */
  readonly packages: readonly string[]
  /** The subject of the commit. */
  readonly subject: string
  readonly hash: string
}

/**
 * What of the commits a user of the packages may notice, in their order.
 *
 * A commit that alters what a package publishes is a change. Its line `Release: new`, `Release: breaking` or
 * `Release: change` says which kind, and makes any commit a change; `Release: none` says that users notice nothing.
 *
 * @throws Failure if a commit names another kind: a misspelt `breaking` would be released as a patch.
 */
export function changesOf(commits: readonly Commit[]): Change[] {
  return commits.flatMap(({ hash, subject, release, published }) => {
    const kind = kindOf(hash, release)
    if (kind === 'none' || (kind === undefined && published.length === 0)) return []
    return [{ kind: kind ?? 'change', packages: published, subject, hash }]
  })
}

function kindOf(hash: string, release: string): Kind | 'none' | undefined {
  const kind = ['', 'none', ...kinds].find((name) => name === release)
  if (kind === undefined)
    fail(`Commit ${hash.slice(0, 7)} says "Release: ${release}"; expected one of none, ${kinds.join(', ')}`)
  return kind === '' ? undefined : (kind as Kind | 'none')
}

/** Whether one of the changes is of this kind. */
export function some(changes: readonly Change[], kind: Kind): boolean {
  return changes.some((change) => change.kind === kind)
}
