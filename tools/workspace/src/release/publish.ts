import { fail } from '../main.js'
import { run, runVisibly } from '../packages/run.js'
import { isClean, tagsOf } from './git.js'
import type { Tarball } from './tarballs.js'
import { type WorkspacePackage, versionsOf } from './workspace.js'

/** Fails unless what is checked out is exactly a tagged release: nothing else may be published. */
export async function checkIsRelease(root: string, packages: readonly WorkspacePackage[]): Promise<void> {
  if (!(await isClean(root)))
    fail('There are changes that are not committed: only a tagged commit is published')
  const tags = await tagsOf(root, '--points-at')
  for (const [name, version] of Object.entries(versionsOf(packages)))
    if (!tags.includes(`v${version}`))
      fail(`${name} has version ${version}, but the tag v${version} is not on this commit`)
}

/** Publishes what is not yet there, so that a run that broke off can be repeated. */
export async function publish(folder: string, tarballs: readonly Tarball[]): Promise<void> {
  for (const { name, version, path } of tarballs) {
    if (await isPublished(folder, name, version)) console.log(`${name}@${version} is published already`)
    else await runVisibly(folder, 'npm', ['publish', path, '--access', 'public', '--provenance'])
  }
}

async function isPublished(folder: string, name: string, version: string): Promise<boolean> {
  try {
    return (await run(folder, 'npm', ['view', `${name}@${version}`, 'version'])).trim() !== ''
  } catch (error) {
    if (error instanceof Error && error.message.includes('E404')) return false
    throw error
  }
}
