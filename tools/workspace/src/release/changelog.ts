import { fail } from '../main.js'
import { type Change, type Kind, some } from './change.js'

/** What a release says about itself. */
export interface Section {
  readonly version: string
  /** The day, as `2026-12-31`. */
  readonly date: string
  readonly changes: readonly Change[]
  /** The packages with what they are, if nothing was released before: nobody upgrades to a first release. */
  readonly first?: readonly { readonly folder: string; readonly name: string; readonly description: string }[]
}

const titles: Readonly<Record<Kind, string>> = { breaking: 'Breaking', new: 'New', change: 'Changed' }

/** The section of a release, in Markdown. */
export function renderSection({ version, date, changes, first }: Section, repository: string): string {
  const parts = [`## ${version} (${date})`]
  if (first !== undefined) {
    const lines = first.map(({ folder, name, description }) => `- [\`${name}\`](${folder}): ${description}`)
    return [...parts, 'The first release.', lines.join('\n')].join('\n\n') + '\n'
  }
  if (some(changes, 'breaking'))
    parts.push(`Before you upgrade, read [UPGRADING.md](UPGRADING.md#${version.replaceAll('.', '')}).`)
  if (changes.length === 0) parts.push('Nothing that a user may notice.')
  for (const kind of ['breaking', 'new', 'change'] as const) {
    const lines = changes.filter((change) => change.kind === kind).map((change) => lineOf(change, repository))
    if (lines.length > 0) parts.push(`### ${titles[kind]}`, lines.join('\n'))
  }
  return parts.join('\n\n') + '\n'
}

function lineOf({ packages, subject, hash }: Change, repository: string): string {
  const concerned = packages.length === 0 ? '' : `**${packages.join(', ')}**: `
  return `- ${concerned}${escaped(subject)} ([\`${hash.slice(0, 7)}\`](${repository}/commit/${hash}))`
}

/** A subject is plain text: what Markdown would read in it is escaped. */
function escaped(text: string): string {
  return text.replaceAll(/[\\`*_<>[\]]/g, (special) => '\\' + special)
}

/** The changelog with this section above the older ones. Refuses a version that it has already. */
export function withSection(changelog: string, section: string): string {
  const [heading = ''] = section.split(' (')
  if (changelog.split('\n').some((line) => line.startsWith(`${heading} (`)))
    fail(`CHANGELOG.md has a section "${heading}" already`)
  const older = changelog.search(/^## /m)
  return older === -1
    ? `${changelog.trimEnd()}\n\n${section}`
    : `${changelog.slice(0, older)}${section}\n${changelog.slice(older)}`
}

const upcoming = /^## Next release$/m

/**
 * The upgrade guide with its section "Next release" named after the version.
 *
 * @throws Failure if a change is breaking and nothing says what to do about it
 */
export function withUpgrade(
  guide: string,
  { version, changes }: Pick<Section, 'version' | 'changes'>,
): string {
  if (upcoming.test(guide)) return guide.replace(upcoming, `## ${version}`)
  if (some(changes, 'breaking') && !guide.split('\n').includes(`## ${version}`))
    fail('A change is breaking: say in UPGRADING.md, under "## Next release", what users do about it')
  return guide
}
