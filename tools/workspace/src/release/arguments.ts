import { fail } from '../main.js'

/** What a run of the release command does. */
export type ReleaseArguments =
  | { readonly does: 'help' }
  | (Planned & {
      readonly does: 'dry-run'
      /** The commits after this one are counted, instead of those after the last release. */
      readonly from?: string
      /** Whether the packages are also installed from a local registry. */
      readonly installs: boolean
    })
  | (Planned & { readonly does: 'prepare' })
  | { readonly does: 'publish' }

interface Planned {
  /** The version to release, where it does not follow from the commits. */
  readonly version?: string
}

export const usage = `Usage: npm run release -- --dry-run [VERSION] [--from COMMIT] [--no-installs]
       npm run release -- --prepare [VERSION]
       npm run release -- --publish

  --dry-run      shows what would be released: the versions, the changelog, what each tarball contains,
                 and whether a new project can install it. Changes no file, and nothing in Git
  --from COMMIT  counts the commits after this one, instead of those after the last release
  --no-installs  does not install the packages from a local registry
  --prepare      writes the versions and the changelog, commits them, and tags the commit. Pushes nothing
  --publish      publishes the packages of the tag that is checked out. For .github/workflows/publish.yml
  --help         this text

VERSION is three numbers, such as 1.0.0. Without it, the version follows from the commits (CONTRIBUTING.md, "Releases").
`

const modes: Readonly<Record<string, 'dry-run' | 'prepare' | 'publish'>> = {
  '--dry-run': 'dry-run',
  '--prepare': 'prepare',
  '--publish': 'publish',
}

/** Reads the command line. Without a mode nothing is done: a release never happens by default. */
export function readReleaseArguments(typed: readonly string[]): ReleaseArguments {
  if (typed.length === 0 || typed.includes('--help') || typed.includes('-h')) return { does: 'help' }
  const chosen = typed.flatMap((word) => modes[word] ?? [])
  const [does] = chosen
  if (does === undefined || chosen.length > 1)
    fail(`Exactly one of --dry-run, --prepare and --publish, got ${chosen.length}`)
  const rest = typed.filter((word) => modes[word] === undefined)
  const installs = !take(rest, '--no-installs')
  const from = takeValue(rest, '--from')
  const [version, ...tooMany] = rest
  if (version?.startsWith('-') === true) fail(`There is no option ${version}`)
  if (tooMany.length > 0) fail(`One version at a time, got ${rest.join(' and ')}`)
  if (does !== 'dry-run' && (from !== undefined || !installs))
    fail('--from and --no-installs go with --dry-run')
  const planned = version === undefined ? {} : { version }
  if (does === 'dry-run') return { does, installs, ...planned, ...(from === undefined ? {} : { from }) }
  if (does === 'prepare') return { does, ...planned }
  if (version !== undefined)
    fail('--publish takes no version: it publishes the one of the tag that is checked out')
  return { does }
}

function take(words: string[], word: string): boolean {
  const at = words.indexOf(word)
  if (at !== -1) words.splice(at, 1)
  return at !== -1
}

function takeValue(words: string[], word: string): string | undefined {
  const at = words.indexOf(word)
  if (at === -1) return undefined
  const [, value] = words.splice(at, 2)
  if (value === undefined || value.startsWith('-')) fail(`${word} needs a commit`)
  return value
}
