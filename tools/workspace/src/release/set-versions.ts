import { stripVTControlCharacters } from 'node:util'
import { fail } from '../main.js'
import { run } from '../packages/run.js'
import { nxProgram } from '../test-command/untouched.js'

/** nx makes no commit and no tag, and stages nothing: that is for whoever called. */
const leavesGitAlone = ['--git-commit=false', '--git-tag=false', '--git-push=false', '--stage-changes=false']

/**
 * Lets nx give the published packages this version, as `release` of nx.json says, and fails if it has given it to others
 * than these. A dry run writes nothing.
 */
export async function setVersions(
  root: string,
  version: string,
  names: readonly string[],
  { dryRun }: { readonly dryRun: boolean },
): Promise<void> {
  const args = ['release', 'version', version, ...leavesGitAlone, ...(dryRun ? ['--dry-run'] : [])]
  const said = stripVTControlCharacters(await run(root, process.execPath, [nxProgram(), ...args]))
  const given = versionedIn(said).toSorted().join(', ')
  const expected = names.toSorted().join(', ')
  if (given !== expected)
    fail(`nx release gave a version to ${given}; expected ${expected}: see nx.json\n${said}`)
}

/** The packages to which nx says that it gave a version. */
function versionedIn(said: string): string[] {
  return [...said.matchAll(/Running release version for project: (\S+)/g)].map(([, name = '']) => name)
}
