import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fail } from '../main.js'
import { git, isClean } from './git.js'
import type { Plan } from './plan.js'
import { setVersions } from './set-versions.js'
import { versionsOf } from './workspace.js'

/** Writes what was planned, commits it and tags the commit. What it writes is not pushed. */
export async function prepare(root: string, plan: Plan): Promise<void> {
  if (!(await isClean(root))) fail('There are changes that are not committed: commit or stash them first')
  if (plan.isShallow) fail('This clone has not the whole history: run "git fetch --unshallow --tags" first')
  const { version, documents } = plan
  await setVersions(root, version, Object.keys(versionsOf(plan.packages)), { dryRun: false })
  for (const [path, text] of Object.entries(documents)) await writeFile(join(root, path), text)
  await git(root, 'add', '--update')
  await git(root, 'commit', '--quiet', '-m', `Release ${version}`, '-m', 'Release: none')
  await git(root, 'tag', '--annotate', `v${version}`, '-m', `Release ${version}`)
}
